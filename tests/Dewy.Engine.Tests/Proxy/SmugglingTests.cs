using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Xunit;

namespace Dewy.Engine.Tests.Proxy;

/// <summary>
/// Requests that two servers may read differently. The proxy must refuse them, or pass on something that can be read in one
/// way only; what hides behind them must never reach the application as a request of its own.
/// </summary>
public sealed class SmugglingTests : IAsyncLifetime
{
    private const string Hidden = "GET /hidden HTTP/1.1\r\nHost: h\r\n\r\n";

    private readonly ConcurrentQueue<string> _seen = new();
    private TestBackend? _backend;
    private RunningProxy? _proxy;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private RunningProxy Proxy => _proxy ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync()
    {
        _backend = await TestBackend.StartAsync(async context =>
        {
            var body = await new StreamReader(context.Request.Body).ReadToEndAsync(Cancelled);
            var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            _seen.Enqueue($"{context.Request.Method} {target} host={context.Request.Host} length={context.Request.ContentLength} te={context.Request.Headers.TransferEncoding} body={body}");
            await context.Response.WriteAsync($"<{target}>", Cancelled);
        });
        _proxy = await RunningProxy.StartAsync(_backend);
    }

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        if (_backend is not null)
            await _backend.DisposeAsync();
    }

    [Theory]
    [InlineData("two lengths", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello")]
    [InlineData("the same length twice", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("two lengths in one", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5, 6\r\n\r\nhello")]
    [InlineData("negative length", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -5\r\n\r\nhello")]
    [InlineData("hexadecimal length", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0x5\r\n\r\nhello")]
    [InlineData("unknown coding", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("chunked is not the last", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n")]
    [InlineData("folded header", "GET / HTTP/1.1\r\nHost: h\r\nX-A: b\r\n c\r\n\r\n")]
    [InlineData("folded first header", "GET / HTTP/1.1\r\n Host: h\r\n\r\n")]
    [InlineData("space before the colon", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length : 5\r\n\r\nhello")]
    [InlineData("space in a name", "GET / HTTP/1.1\r\nHost: h\r\nX A: b\r\n\r\n")]
    [InlineData("no colon", "GET / HTTP/1.1\r\nHost: h\r\nX-A\r\n\r\n")]
    [InlineData("no name", "GET / HTTP/1.1\r\nHost: h\r\n: b\r\n\r\n")]
    [InlineData("null in a name", "GET / HTTP/1.1\r\nHost: h\r\nX\0A: b\r\n\r\n")]
    [InlineData("null in a value", "GET / HTTP/1.1\r\nHost: h\r\nX-A: b\0c\r\n\r\n")]
    [InlineData("null in the target", "GET /a\0b HTTP/1.1\r\nHost: h\r\n\r\n")]
    [InlineData("return in a value", "GET / HTTP/1.1\r\nHost: h\r\nX-A: b\rTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("two hosts", "GET / HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n")]
    [InlineData("no host", "GET / HTTP/1.1\r\n\r\n")]
    [InlineData("bad host", "GET / HTTP/1.1\r\nHost: h/i@j\r\n\r\n")]
    [InlineData("another host in the target", "GET http://other/ HTTP/1.1\r\nHost: h\r\n\r\n")]
    [InlineData("chunk of a negative size", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("chunk size with 0x", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("chunk size too large", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000005\r\nhello\r\n0\r\n\r\n")]
    [InlineData("chunk longer than its size", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n")]
    [InlineData("line feed in a chunk extension", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5;a\nb\r\nhello\r\n0\r\n\r\n")]
    [InlineData("unknown version", "GET / HTTP/1.9\r\nHost: h\r\n\r\n")]
    [InlineData("no version", "GET /\r\nHost: h\r\n\r\n")]
    [InlineData("bad method", "G@T / HTTP/1.1\r\nHost: h\r\n\r\n")]
    [InlineData("tunnel", "CONNECT other:443 HTTP/1.1\r\nHost: other:443\r\n\r\n")]
    public async Task Send_Ambiguous_IsRefused(string what, string request)
    {
        using var client = await Proxy.ConnectAsync(Cancelled);
        await client.SendAsync(request + Hidden, Cancelled);
        var answer = await client.ReadToEndAsync(Cancelled).WaitAsync(TimeSpan.FromSeconds(60), Cancelled);
        Assert.True(answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 5", StringComparison.Ordinal), $"{what}: {answer}");
        Assert.DoesNotContain("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Empty(_seen);
    }

    [Fact]
    public async Task Send_LengthAndChunked_IsPassedOnAsChunkedOnlyAndTheConnectionEnds()
    {
        using var client = await Proxy.ConnectAsync(Cancelled);
        await client.SendAsync($"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{Hidden}", Cancelled);
        await client.ReadToEndAsync(Cancelled).WaitAsync(TimeSpan.FromSeconds(60), Cancelled);
        Assert.Equal("POST /a host=h length= te=chunked body=", Assert.Single(_seen));
    }

    [Fact]
    public async Task Send_ChunkExtensionsAndTrailers_AreTakenOut()
    {
        using var client = await Proxy.ConnectAsync(Cancelled);
        await client.SendAsync("POST /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nContent-Length: 100\r\n\r\n", Cancelled);
        Assert.Contains("</a>", await client.ReadToEndAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal("POST /a host=h length= te=chunked body=hello", Assert.Single(_seen));
    }

    [Fact]
    public async Task Send_SignedLength_IsRefusedOrPassedOnProperly()
    {
        using var client = await Proxy.ConnectAsync(Cancelled);
        await client.SendAsync("POST /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: +5\r\n\r\nhello", Cancelled);
        var answer = await client.ReadToEndAsync(Cancelled).WaitAsync(TimeSpan.FromSeconds(60), Cancelled);
        if (!answer.StartsWith("HTTP/1.1 400", StringComparison.Ordinal))
            Assert.Equal("POST /a host=h length=5 te= body=hello", Assert.Single(_seen));
    }

    [Fact]
    public async Task Send_BareLineFeeds_AreRefusedOrPassedOnProperly()
    {
        using var client = await Proxy.ConnectAsync(Cancelled);
        await client.SendAsync("POST /a HTTP/1.1\nHost: h\nContent-Length: 5\nConnection: close\n\nhello", Cancelled);
        var answer = await client.ReadToEndAsync(Cancelled).WaitAsync(TimeSpan.FromSeconds(60), Cancelled);
        if (!answer.StartsWith("HTTP/1.1 400", StringComparison.Ordinal))
            Assert.Equal("POST /a host=h length=5 te= body=hello", Assert.Single(_seen));
    }

    [Fact]
    public async Task Send_Pipelined_AreAnsweredInOrder()
    {
        using var client = await Proxy.ConnectAsync(Cancelled);
        await client.SendAsync("POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbodyGET /2 HTTP/1.1\r\nHost: h\r\n\r\nGET /3 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", Cancelled);
        var answer = await client.ReadToEndAsync(Cancelled);
        Assert.Equal(3, answer.Split("HTTP/1.1 200").Length - 1);
        Assert.Equal(["/1", "/2", "/3"], _seen.Select(seen => seen.Split(' ')[1]));
        Assert.True(answer.IndexOf("</1>", StringComparison.Ordinal) < answer.IndexOf("</2>", StringComparison.Ordinal));
        Assert.True(answer.IndexOf("</2>", StringComparison.Ordinal) < answer.IndexOf("</3>", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Send_AbsoluteForm_IsPassedOnWithoutTheHost()
    {
        using var client = await Proxy.ConnectAsync(Cancelled);
        await client.SendAsync("GET http://h/a?b=c HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", Cancelled);
        Assert.Contains("</a?b=c>", await client.ReadToEndAsync(Cancelled), StringComparison.Ordinal);
    }
}
