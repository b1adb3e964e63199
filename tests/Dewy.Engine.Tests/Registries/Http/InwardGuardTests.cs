using System.Net;
using Dewy.Engine.Registries.Http;
using Dewy.Engine.Tests.Registries.Oci;
using Xunit;

namespace Dewy.Engine.Tests.Registries.Http;

/// <summary>Addresses of the loopback network stand for a public registry and for what is inside.</summary>
public sealed class InwardGuardTests : IAsyncLifetime
{
    private readonly ImageRegistryServer _server = new() { Time = TimeProvider.System };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _server.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Connect_RegistryItself_MayBeAnywhere()
    {
        using var client = Client(_ => NetworkZone.Loopback);

        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(client, _server.Address));
    }

    [Theory]
    [InlineData("Loopback")]
    [InlineData("LinkLocal")]
    [InlineData("Private")]
    public async Task Connect_FurtherInsideThanTheRegistry_IsRefused(string inside)
    {
        // By another name the server is another host, and by now at another address: the registry's DNS has changed its mind.
        var isPublic = true;
        using var client = Client(_ => isPublic ? NetworkZone.Public : Enum.Parse<NetworkZone>(inside));
        await AskAsync(client, _server.Address);
        isPublic = false;

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(client, _server.OtherName));

        Assert.Equal(ErrorCode.RegistryMalformed, Assert.IsType<DewyException>(failure.InnerException).Code);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Connect_AsFarInsideAsTheRegistry_IsFine()
    {
        using var client = Client(_ => NetworkZone.Private);
        await AskAsync(client, _server.Address);

        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(client, _server.OtherName));
    }

    [Theory]
    [InlineData("Private", true)]
    [InlineData("LinkLocal", false)]
    [InlineData("Loopback", false)]
    public async Task Connect_PrivateAddressesAllowed_OpensThoseAndNoOthers(string inside, bool allowed)
    {
        using var client = Client(_ => Enum.Parse<NetworkZone>(inside), allowsPrivate: true);

        var failure = await Record.ExceptionAsync(() => AskAsync(client, _server.OtherName));

        Assert.Equal(allowed, failure is null);
    }

    [Fact]
    public async Task Connect_BeforeTheRegistryWasSeen_CountsItAsAStranger()
    {
        using var client = Client(_ => NetworkZone.Private);

        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(client, _server.OtherName));
    }

    [Theory]
    [InlineData("http://registry.example/", HttpStatusCode.NotFound)]
    [InlineData("http://blobs.example/", HttpStatusCode.NotFound)]
    [InlineData("https://token.example/", null)]
    public async Task Connect_ThroughAProxyInside_IsTheProxysBusiness(string url, HttpStatusCode? expected)
    {
        using var client = Client(_ => NetworkZone.Loopback, new WebProxy(_server.Address), new Uri("http://registry.example/"));

        // The server takes a request for another host as its own, and no tunnels.
        if (expected is not null)
            Assert.Equal(expected, await AskAsync(client, new Uri(url)));
        else
            Assert.Null((await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(client, new Uri(url)))).InnerException as DewyException);
        Assert.NotEmpty(_server.Requests);
    }

    [Fact]
    public async Task Connect_ThroughAProxyToAnAddressInside_IsRefused()
    {
        using var client = Client(NetworkZones.Of, new WebProxy(_server.Address), new Uri("http://registry.example/"));

        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(client, new Uri("http://169.254.169.254/")));

        Assert.Empty(_server.Requests);
    }

    private static async Task<HttpStatusCode> AskAsync(HttpMessageInvoker client, Uri url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        using var response = await client.SendAsync(request, Token);
        return response.StatusCode;
    }

    private HttpMessageInvoker Client(Func<IPAddress, NetworkZone> zoneOf, IWebProxy? proxy = null, Uri? registry = null, bool allowsPrivate = false)
    {
        var guard = new InwardGuard(registry ?? _server.Address, why => new DewyException(ErrorCode.RegistryMalformed, why), zoneOf) { AllowsPrivate = allowsPrivate };
        return new HttpMessageInvoker(guard.Attach(new SocketsHttpHandler { Proxy = proxy, UseProxy = proxy is not null }));
    }
}
