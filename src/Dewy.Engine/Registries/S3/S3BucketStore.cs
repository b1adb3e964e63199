using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Dewy.Engine.Registries.Buckets;
using Dewy.Engine.Registries.Http;

namespace Dewy.Engine.Registries.S3;

/// <summary>A bucket of Amazon S3 or of a server that speaks its protocol.</summary>
internal sealed class S3BucketStore : IBucketStore
{
    /// <summary>Longest time for one request and its answer; for contents, until their first byte.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>Times the SDK tries again by itself, within <see cref="Timeout"/>. More patience is the agent's business.</summary>
    private const int Retries = 2;

    private readonly string _bucket;
    private readonly bool _isProtected;
    private readonly TimeProvider _timeProvider;
    private readonly HttpCallText _text;
    private readonly HttpFailure _httpFailure;
    private readonly S3Failure _failure;
    private readonly Uri? _server;
    private readonly S3Connections _connections;
    private readonly AmazonS3Client _client;

    /// <param name="address">The bucket.</param>
    /// <param name="services">Clock, environment, redactor and connections.</param>
    /// <param name="text">What failures call the bucket and what they advise.</param>
    /// <param name="credentials">Credentials; null for those of the environment and the SDK's chain.</param>
    public S3BucketStore(S3Address address, RegistryServices services, HttpCallText text, AWSCredentials? credentials = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(services);
        _bucket = address.Place.Bucket;
        _server = address.Endpoint;
        _isProtected = _server is null || _server.Scheme == Uri.UriSchemeHttps;
        _timeProvider = services.TimeProvider;
        _text = text;
        _httpFailure = new HttpFailure(services.TimeProvider, services.Redactor);
        _failure = new S3Failure(_server, _httpFailure);
        _connections = new S3Connections(services.CreateHandler(), services.TimeProvider);
        var config = new AmazonS3Config
        {
            HttpClientFactory = _connections,
            MaxErrorRetry = Retries,
            RetryMode = RequestRetryMode.Standard,
            AuthenticationRegion = address.Region,
            IgnoreConfiguredEndpointUrls = true, // they are read from the agent's environment, not from the process's

            // Servers that only speak S3's protocol know no trailing checksums, and contents are verified by Dewy itself.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (_server is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(address.Region);
        }
        else
        {
            config.ServiceURL = _server.AbsoluteUri;
            config.ForcePathStyle = true;
        }

        Credentials = credentials is null ? S3Credentials.OriginIn(services) : "the registry's";
        credentials ??= S3Credentials.Find(services);
        _client = credentials is null ? new AmazonS3Client(config) : new AmazonS3Client(credentials, config);
    }

    public string Credentials { get; }

    public string ImpossibleValidator => "\"00000000000000000000000000000000\"";

    public long LargestUpload => 5_000_000_000; // of one PUT; more would need uploads in parts

    public async Task<IReadOnlyList<string>> ListPrefixesAsync(string prefix, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var page in PagesAsync(prefix, cancellationToken))
            names.AddRange((page.CommonPrefixes ?? []).Select(common => Decode(common, page)[prefix.Length..].TrimEnd('/')));
        return names;
    }

    public async Task<IReadOnlyList<BucketObject>> ListObjectsAsync(string prefix, CancellationToken cancellationToken)
    {
        var objects = new List<BucketObject>();
        await foreach (var page in PagesAsync(prefix, cancellationToken))
            objects.AddRange((page.S3Objects ?? []).Select(listed => S3Object.Read(listed, Decode(listed.Key, page))));
        return objects;
    }

    public async Task<BucketObject> DescribeAsync(BucketObject listed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(listed);
        var request = new GetObjectMetadataRequest { BucketName = _bucket, Key = listed.Key, ChecksumMode = ChecksumMode.ENABLED };
        var answer = await CallAsync(
            token => _client.GetObjectMetadataAsync(request, token), FileText(listed.Name, "check"), Timeout, cancellationToken);

        // Replaced since it was listed: the next listing tells, and this answer is of another content.
        return string.Equals(answer.ETag, listed.Validator, StringComparison.Ordinal)
            ? listed with { Digests = S3Object.Digests(answer), HasMoreToTell = false }
            : listed with { HasMoreToTell = false };
    }

    public async Task<ArtifactContent> OpenAsync(BucketObjectName name, long offset, string? validator, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        var text = FileText(name.FileName, "fetch");
        if (offset > 0 && validator is not null)
        {
            var rest = await CallAsync(token => TryGetAsync(Request(name.Key, offset, validator), token), text, Timeout, cancellationToken);
            if (rest is not null && S3Object.IsContinuation(rest, offset, validator))
                return ToContent(rest, offset, S3Object.TotalLength(rest.ContentRange));
            if (rest is { HttpStatusCode: HttpStatusCode.OK })
                return ToContent(rest, 0, rest.ContentLength);
            rest?.Dispose();
        }

        var all = await CallAsync(token => _client.GetObjectAsync(Request(name.Key, 0, null), token), text, Timeout, cancellationToken);
        return ToContent(all, 0, all.ContentLength);
    }

    public async Task<BucketContent?> ReadAsync(string key, string? knownValidator, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest { BucketName = _bucket, Key = key, EtagToNotMatch = knownValidator };
        return await CallAsync(async token =>
        {
            try
            {
                using var answer = await _client.GetObjectAsync(request, token);
                if (answer.ContentLength > BucketContent.Largest)
                    throw _httpFailure.Malformed($"{key} has more than {BucketContent.Largest >> 20} MiB", _text);
                var bytes = new byte[answer.ContentLength];
                await answer.ResponseStream.ReadExactlyAsync(bytes, token);
                return new BucketContent { Bytes = bytes, Validator = answer.ETag, Age = _connections.Clock.AgeOf(S3Object.Utc(answer.LastModified)) };
            }
            catch (AmazonS3Exception exception) when (exception.StatusCode is HttpStatusCode.NotModified && knownValidator is not null)
            {
                return new BucketContent { Validator = knownValidator };
            }
            catch (AmazonS3Exception exception) when (exception.StatusCode is HttpStatusCode.NotFound && exception.ErrorCode is not "NoSuchBucket")
            {
                return null;
            }
        }, _text, Timeout, cancellationToken);
    }

    public async Task<string?> WriteAsync(string key, BucketUpload upload, BucketCondition condition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(upload);
        ArgumentNullException.ThrowIfNull(condition);
        var request = new PutObjectRequest
        {
            BucketName = _bucket,
            Key = key,
            InputStream = upload.Content,
            AutoCloseStream = false,
            ContentType = upload.ContentType,
            UseChunkEncoding = false,
            DisablePayloadSigning = _isProtected, // TLS protects it already; saves reading the file twice
            ChecksumSHA256 = upload.Sha256 is { } digest ? Convert.ToBase64String(Convert.FromHexString(digest.Hex)) : null,
            IfNoneMatch = condition.MustBeAbsent ? "*" : null,
            IfMatch = condition.Validator,
        };
        request.Headers.ContentLength = upload.Length;
        return await CallAsync(async token =>
        {
            try
            {
                return (await _client.PutObjectAsync(request, token)).ETag;
            }
            catch (AmazonS3Exception exception) when (condition != BucketCondition.None && S3Failure.IsUnmetCondition(exception))
            {
                return null;
            }
        }, _text with { Phase = "record" }, upload.Timeout, cancellationToken);
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        CallAsync(token => _client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = _bucket, Key = key }, token), _text with { Phase = "record" }, Timeout, cancellationToken);

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _connections.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Decode(string name, ListObjectsV2Response page) =>
        page.Encoding == EncodingType.Url ? WebUtility.UrlDecode(name) : name;

    private static ArtifactContent ToContent(GetObjectResponse answer, long offset, long? totalLength) =>
        new() { Stream = answer.ResponseStream, Offset = offset, TotalLength = totalLength, Validator = answer.ETag, Owner = answer };

    private GetObjectRequest Request(string key, long offset, string? validator) => new()
    {
        BucketName = _bucket,
        Key = key,
        ByteRange = offset > 0 ? new ByteRange($"bytes={offset}-") : null,
        EtagToMatch = validator,
    };

    /// <summary>The rest of an object; null where it is another object by now, or shorter.</summary>
    private async Task<GetObjectResponse?> TryGetAsync(GetObjectRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await _client.GetObjectAsync(request, cancellationToken);
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return null;
        }
    }

    private async IAsyncEnumerable<ListObjectsV2Response> PagesAsync(string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var paging = new BucketPaging(_text, _httpFailure);
        string? next = null;
        do
        {
            var request = new ListObjectsV2Request { BucketName = _bucket, Prefix = prefix, Delimiter = "/", ContinuationToken = next, Encoding = EncodingType.Url };
            var page = await CallAsync(token => _client.ListObjectsV2Async(request, token), _text, Timeout, cancellationToken);
            yield return page;
            next = page.IsTruncated == true ? page.NextContinuationToken : null;
            paging.Next(next, (page.CommonPrefixes?.Count ?? 0) + (page.S3Objects?.Count ?? 0));
        }
        while (next is not null);
    }

    private HttpCallText FileText(string name, string phase) => _text with
    {
        Subject = $"{name} in {_text.Subject}",
        Phase = phase,
        NotFoundCode = ErrorCode.ArtifactNotFound,
        NotFoundStep = "Put the file back, or publish another release; the agent looks again by itself.",
    };

    private async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, HttpCallText text, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(limit, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await call(either.Token);
        }
        catch (Exception exception) when (S3Failure.Includes(exception) || exception is OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (deadline.IsCancellationRequested || exception is OperationCanceledException)
                throw _httpFailure.TimedOut(_server, deadline.IsCancellationRequested ? limit : RegistryHandlers.ConnectTimeout, text, exception);
            throw _failure.Explain(exception, text);
        }
    }
}
