using Amazon.Runtime;
using Dewy.Engine.Registries.Buckets;

namespace Dewy.Engine.Registries.S3;

/// <summary>Gives the SDK one HTTP client, over the connections all registries use. Time limits are the store's.</summary>
internal sealed class S3Connections : HttpClientFactory, IDisposable
{
    private readonly HttpClient _client;

    public S3Connections(HttpMessageHandler handler, TimeProvider timeProvider)
    {
        Clock = new ServerClock(handler, timeProvider);
        _client = new HttpClient(Clock) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The server's time.</summary>
    public ServerClock Clock { get; }

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _client;

    // The client lives as long as the store: neither shared with other stores nor made anew for a request.
    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => _client.Dispose();
}
