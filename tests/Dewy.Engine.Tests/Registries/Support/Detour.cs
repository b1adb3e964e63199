namespace Dewy.Engine.Tests.Registries.Support;

/// <summary>Leads requests to a port where nobody listens, for as long as it is told to.</summary>
internal sealed class Detour(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>TCP port 1 (tcpmux): nobody has listened there for decades.</summary>
    private const int ClosedPort = 1;

    public required Func<bool> IsClosed { get; init; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (IsClosed() && request.RequestUri is { } url)
            request.RequestUri = new UriBuilder(url) { Host = "127.0.0.1", Port = ClosedPort }.Uri;
        return base.SendAsync(request, cancellationToken);
    }
}
