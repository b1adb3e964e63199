using System.Net;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Dewy.Engine.Tests.Proxy;

public sealed class Http2Tests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Get_EitherVersionOnOnePort_IsAnsweredInThatVersion(string version)
    {
        await using var backend = await TestBackend.StartAsync(context => context.Response.WriteAsync($"{context.Request.Protocol} {context.Request.Host}", Cancelled));
        await using var proxy = await RunningProxy.StartAsync(backend);
        using var request = new HttpRequestMessage(HttpMethod.Get, proxy.Address) { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Host = "app.example:81";
        using var answer = await proxy.Client.SendAsync(request, Cancelled);
        Assert.Equal(Version.Parse(version), answer.Version);
        Assert.Equal("HTTP/1.1 app.example:81", await answer.Content.ReadAsStringAsync(Cancelled));
    }

    [Fact]
    public async Task Get_ManyAtOnceOnOneConnection_AreAllAnswered()
    {
        await using var backend = await TestBackend.StartAsync(context => context.Response.WriteAsync(context.Request.Path, Cancelled));
        await using var proxy = await RunningProxy.StartAsync(backend);
        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(async number =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(proxy.Address, $"/{number}")) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using var answer = await proxy.Client.SendAsync(request, Cancelled);
            return await answer.Content.ReadAsStringAsync(Cancelled);
        }));
        Assert.Equal(Enumerable.Range(0, 500).Select(number => $"/{number}"), answers);
        Assert.Equal(500, proxy.Server.GetStatus("p").Requests);
    }

    [Fact]
    public async Task Get_PrefaceInPieces_IsRecognised()
    {
        await using var backend = await TestBackend.StartNamedAsync("b");
        await using var proxy = await RunningProxy.StartAsync(backend);
        using var connection = await proxy.ConnectAsync(Cancelled);
        foreach (var piece in new[] { "P", "RI * HTTP/2.0\r\n", "\r\nSM\r\n\r", "\n" })
        {
            await connection.SendAsync(piece, Cancelled);
            await Task.Yield();
        }

        await connection.SendAsync("\0\0\0\x04\0\0\0\0\0", Cancelled); // an empty SETTINGS frame
        var answer = await connection.ReadUntilAsync("\0\0\0\x04\x01\0\0\0\0", Cancelled); // and its acknowledgement
        Assert.Contains("\0\0\0\x04\x01\0\0\0\0", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_OpenHttp2Connection_EndsWithoutWaiting()
    {
        await using var backend = await TestBackend.StartNamedAsync("b");
        await using var proxy = await RunningProxy.StartAsync(backend);
        using var request = new HttpRequestMessage(HttpMethod.Get, proxy.Address) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var answer = await proxy.Client.SendAsync(request, Cancelled);
        Assert.Equal(0, await proxy.Server.StopAsync(Cancelled).WaitAsync(TimeSpan.FromSeconds(15), Cancelled));
        Assert.Equal(0, proxy.Server.GetStatus("p").Connections);
    }
}
