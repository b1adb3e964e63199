using Dewy.Engine.Tests.Proxy.Tcp;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Dewy.Engine.Tests.Proxy.Http1;

public sealed class TrailerTests
{
    private const string ChunkedAnswer = "HTTP/1.1 200 OK\r\nTrailer: X-After\r\nTransfer-Encoding: chunked\r\n\r\n4;ext\r\nbody\r\n0\r\nX-After: one\r\nContent-Length: 9\r\nSet-Cookie: a=b\r\nX-After: two\r\n\r\n";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answer_TrailersToAnHttp11Client_ComeAfterTheBody()
    {
        await using var backend = AnsweringBackend.Start(ChunkedAnswer);
        await using var proxy = await StartAsync(backend);
        using var client = await proxy.ConnectAsync(Cancelled);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", Cancelled);
        var answer = await client.ReadToEndAsync(Cancelled);
        Assert.Contains("\r\nTransfer-Encoding: chunked\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n4\r\nbody\r\n0\r\nX-After: one\r\nX-After: two\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_ChunksToAnHttp10Client_AreTakenOut()
    {
        await using var backend = AnsweringBackend.Start(ChunkedAnswer);
        await using var proxy = await StartAsync(backend);
        using var client = await proxy.ConnectAsync(Cancelled);
        await client.SendAsync("GET / HTTP/1.0\r\n\r\n", Cancelled);
        var answer = await client.ReadToEndAsync(Cancelled);
        Assert.DoesNotContain("Transfer-Encoding", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nbody", answer, StringComparison.Ordinal);
    }

    /// <summary>Two answers on one connection, so that the first must have ended where it should.</summary>
    [Theory]
    [InlineData("GET", "4\r\nbody\r\n0\r\n\r\n")]
    [InlineData("HEAD", "")]
    public async Task Answer_InChunks_LeavesTheClientsConnectionGood(string method, string body)
    {
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            await context.Response.WriteAsync("body", Cancelled);
            await context.Response.Body.FlushAsync(Cancelled);
        });
        await using var proxy = await RunningProxy.StartAsync(backend);
        using var client = await proxy.ConnectAsync(Cancelled);
        await client.SendAsync($"{method} / HTTP/1.1\r\nHost: h\r\n\r\n{method} / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", Cancelled);
        var answers = (await client.ReadToEndAsync(Cancelled)).Split("HTTP/1.1 200 OK\r\n");
        Assert.Equal(3, answers.Length);
        Assert.All(answers[1..], answer => Assert.EndsWith("\r\n\r\n" + body, answer, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Request_TrailersOverHttp11_ReachTheBackend()
    {
        await using var backend = await TellingAsync();
        await using var proxy = await RunningProxy.StartAsync(backend);
        using var client = await proxy.ConnectAsync(Cancelled);
        await client.SendAsync(
            "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 42\r\nX-Forwarded-For: evil\r\nAuthorization: evil\r\nTransfer-Encoding: chunked\r\n\r\n",
            Cancelled);
        Assert.Contains("<body X-Sum=42>", await client.ReadToEndAsync(Cancelled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Request_TrailersOverHttp2_ReachTheBackend(bool withLength)
    {
        await using var backend = await TellingAsync();
        await using var proxy = await RunningProxy.StartAsync(backend);
        using var client = await Http2Connection.OpenAsync(proxy.EndPoint, Cancelled);
        (string, string)[] head = [(":method", "POST"), (":scheme", "http"), (":path", "/"), (":authority", "h"), ("trailer", "x-sum")];
        await client.SendHeadersAsync(withLength ? [.. head, ("content-length", "4")] : head, endsStream: false, Cancelled);
        await client.SendDataAsync("body"u8.ToArray(), endsStream: false, Cancelled);
        await client.SendHeadersAsync([("x-sum", "42"), ("host", "evil")], endsStream: true, Cancelled);
        Assert.Contains("<body x-sum=42>", await client.ReadDataAsync(Cancelled), StringComparison.Ordinal);
    }

    /// <summary>Answers with the body and the trailers it got.</summary>
    private static Task<TestBackend> TellingAsync() => TestBackend.StartAsync(async context =>
    {
        var body = await new StreamReader(context.Request.Body).ReadToEndAsync(Cancelled);
        var trailers = context.Request.CheckTrailersAvailable() ? context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestTrailersFeature>()?.Trailers : null;
        await context.Response.WriteAsync($"<{body} {string.Join(' ', (trailers ?? new HeaderDictionary()).Select(trailer => $"{trailer.Key}={trailer.Value}"))}>", Cancelled);
    });

    private static async Task<RunningProxy> StartAsync(TcpBackend backend)
    {
        var proxy = await RunningProxy.StartAsync();
        proxy.Backends.Add("raw", [backend.EndPoint]);
        return proxy;
    }
}
