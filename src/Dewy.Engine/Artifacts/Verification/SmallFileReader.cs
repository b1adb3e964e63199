using Dewy.Engine.Artifacts.Downloads;
using Dewy.Engine.Registries;
using Dewy.Engine.Releases;
using Polly;
using Polly.Timeout;

namespace Dewy.Engine.Artifacts.Verification;

/// <summary>Reads the small files of a release, checksums and signatures, into memory.</summary>
internal sealed class SmallFileReader(TimeProvider timeProvider)
{
    private const int Retries = 3;

    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(60);

    private readonly ResiliencePipeline _attempt = new ResiliencePipelineBuilder { TimeProvider = timeProvider }.AddTimeout(AttemptTimeout).Build();
    private readonly ResiliencePipeline _retry = TransientFailure.Retry(Retries, timeProvider);

    /// <summary>The whole content.</summary>
    /// <exception cref="DewyException">The registry's failure, or <see cref="ErrorCode.DownloadTooLarge"/> above <paramref name="maxSize"/> bytes.</exception>
    public async Task<byte[]> ReadAsync(IReleaseSource source, ReleaseAsset file, int maxSize, CancellationToken cancellationToken)
    {
        try
        {
            return await _retry.ExecuteAsync(async token => await AttemptAsync(source, file, maxSize, token), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            throw Failure(ErrorCode.RegistryUnavailable, source, file, $"cannot be read: {exception.Message}", exception);
        }
    }

    private static async Task<byte[]> ReadOnceAsync(IReleaseSource source, ReleaseAsset file, int maxSize, CancellationToken cancellationToken)
    {
        await using var content = await source.OpenAsync(file, 0, null, cancellationToken);
        var buffer = new byte[Math.Min(file.Size ?? content.TotalLength ?? maxSize, maxSize) + 1];
        var length = await content.Stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > maxSize || (file.Size ?? content.TotalLength) > maxSize)
            throw Failure(ErrorCode.DownloadTooLarge, source, file, $"is larger than the {maxSize:N0} bytes such a file may have");
        if ((content.TotalLength ?? file.Size) is { } expected && length != expected)
            throw Failure(ErrorCode.DownloadTruncated, source, file, $"does not have the {expected:N0} bytes the registry announced");
        return buffer[..length];
    }

    private static DewyException Failure(ErrorCode code, IReleaseSource source, ReleaseAsset file, string what, Exception? inner = null) =>
        new(code, $"{file.Name} from {source.DisplayName} {what}.", inner)
        {
            Phase = "fetch",
            Target = file.Location.ToString(),
            NextStep = "Check the connection to the registry and that the file was uploaded completely.",
        };

    private async ValueTask<byte[]> AttemptAsync(IReleaseSource source, ReleaseAsset file, int maxSize, CancellationToken cancellationToken)
    {
        try
        {
            return await _attempt.ExecuteAsync(async token => await ReadOnceAsync(source, file, maxSize, token), cancellationToken);
        }
        catch (TimeoutRejectedException exception)
        {
            throw Failure(ErrorCode.RegistryTimeout, source, file, $"did not come within {AttemptTimeout.TotalSeconds:N0} s", exception);
        }
    }
}
