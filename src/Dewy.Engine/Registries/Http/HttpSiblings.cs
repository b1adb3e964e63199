using System.Net;
using Dewy.Engine.Releases;

namespace Dewy.Engine.Registries.Http;

/// <summary>
/// Finds the checksums and signatures beside a file on a web server, where nothing lists them, by asking for their headers.
/// What cannot be asked counts as there: reading it then says what is wrong, and nothing goes unverified because a server
/// was busy.
/// </summary>
internal sealed class HttpSiblings : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    private static readonly string[] Suffixes = [".sha256", ".sha256sum", ".sha512", ".sha512sum", ".minisig", ".sig"];

    private readonly HttpMessageInvoker _client;
    private readonly TimeProvider _timeProvider;

    /// <param name="handler">The connections; disposed together with this.</param>
    /// <param name="services">The clock.</param>
    public HttpSiblings(HttpMessageHandler handler, RegistryServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        _client = new HttpMessageInvoker(handler);
        _timeProvider = services.TimeProvider;
    }

    private enum Presence
    {
        Absent,
        Present,
        Unknown,
    }

    public void Dispose() => _client.Dispose();

    /// <summary>The files beside <paramref name="asset"/>, and whether all that was asked was answered.</summary>
    public async Task<(IReadOnlyList<ReleaseAsset> Found, bool Certain)> FindAsync(ReleaseAsset asset, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asset);
        var files = Suffixes
            .Select(suffix => new ReleaseAsset { Name = asset.Name + suffix, Location = new Uri(asset.Location.AbsoluteUri + suffix) })
            .ToList();
        var answers = await Task.WhenAll(files.Select(file => AskAsync(file.Location, cancellationToken)));
        return ([.. files.Where((_, index) => answers[index] is not Presence.Absent)], !answers.Contains(Presence.Unknown));
    }

    private async Task<Presence> AskAsync(Uri url, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Timeout, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, url);
            request.Headers.UserAgent.Add(RegistryApiHandler.UserAgent);
            using var response = await Redirects.SendAsync(_client.SendAsync, request, why => new HttpRequestException(why), either.Token);
            return Judge(response);
        }
        catch (HttpRequestException exception)
        {
            if (exception.InnerException is DewyException refused)
                throw refused; // by whoever makes the connection: the file itself is no better
            return Presence.Unknown;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Presence.Unknown;
        }
    }

    private static Presence Judge(HttpResponseMessage response) => response.StatusCode switch
    {
        // Servers that know one page only send it for every name.
        HttpStatusCode.OK => response.Content.Headers.ContentType?.MediaType is { } type && MediaTypes.IsPage(type) ? Presence.Absent : Presence.Present,
        HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout => Presence.Unknown,
        HttpStatusCode.NotImplemented => Presence.Absent, // no HEAD, no files beside
        >= HttpStatusCode.InternalServerError => Presence.Unknown,
        _ => Presence.Absent,
    };
}
