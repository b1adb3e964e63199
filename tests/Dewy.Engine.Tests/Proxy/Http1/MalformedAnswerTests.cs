using System.Net;
using Dewy.Engine.Tests.Proxy.Tcp;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Proxy.Http1;

/// <summary>Backends that answer what is no answer, or may be understood in two ways.</summary>
public sealed class MalformedAnswerTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("HELLO\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 2\n\nhi")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi!")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX-A: b\0c\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\nConnection: Upgrade\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;\nhello\r\n0\r\n\r\n")]
    public async Task Send_AnsweredSo_Is502AndTheBackendsFailure(string answer)
    {
        await using var backend = AnsweringBackend.Start(answer, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        await using var proxy = await StartAsync(backend);
        using var refused = await proxy.Client.GetAsync(proxy.Address, Cancelled);
        Assert.Equal(HttpStatusCode.BadGateway, refused.StatusCode);
        Assert.Equal("", await refused.Content.ReadAsStringAsync(Cancelled));
        await Eventually.IsTrueAsync(() => proxy.Backends.Current[0].Failures == 1, "it was counted");
        Assert.Equal("ok", await proxy.Client.GetStringAsync(proxy.Address, Cancelled));
    }

    [Fact]
    public async Task Send_EndlessInformationalAnswers_AreNotListenedToForEver()
    {
        await using var backend = AnsweringBackend.Start(string.Concat(Enumerable.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 100)) + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var proxy = await StartAsync(backend);
        using var answer = await proxy.Client.GetAsync(proxy.Address, Cancelled);
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n-2\r\nhi\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi!\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-A\r\n\r\n")]
    public async Task Send_BodyDamagedInTheMiddle_IsNotTakenForWhole(string answer)
    {
        await using var backend = AnsweringBackend.Start(answer);
        await using var proxy = await StartAsync(backend);
        await Assert.ThrowsAsync<HttpRequestException>(async () =>
        {
            using var begun = await proxy.Client.GetAsync(proxy.Address, HttpCompletionOption.ResponseHeadersRead, Cancelled);
            begun.EnsureSuccessStatusCode();
            await begun.Content.ReadAsStringAsync(Cancelled);
        });
        await Eventually.IsTrueAsync(() => proxy.Server.GetStatus("p").Failures == 1, "it was counted");
    }

    /// <summary>What follows an answer could be taken for the answer to the next request: of another client.</summary>
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 304 Not Modified\r\n\r\n")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n")]
    public async Task Send_BytesAfterTheAnswer_AreForNobody(string answer)
    {
        await using var backend = AnsweringBackend.Start(answer + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood");
        await using var proxy = await StartAsync(backend);
        using var first = await proxy.Client.GetAsync(proxy.Address, Cancelled);
        Assert.DoesNotContain("evil", await first.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal("good", await proxy.Client.GetStringAsync(proxy.Address, Cancelled));
    }

    /// <summary>As above, but it comes when the connection rests already.</summary>
    [Fact]
    public async Task Send_BytesThatNobodyAskedFor_AreForNobody()
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var number = 0;
        await using var backend = new TcpBackend(async socket =>
        {
            using var connection = new RawConnection(socket);
            if (!(await connection.ReadUntilAsync("\r\n\r\n", Cancelled)).EndsWith("\r\n\r\n", StringComparison.Ordinal))
                return; // a health check
            await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{Interlocked.Increment(ref number)}", Cancelled);
            if (number > 1)
                return;
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", Cancelled);
            sent.SetResult();
            await connection.ReadToEndAsync(Cancelled);
        });
        await using var proxy = await StartAsync(backend);
        Assert.Equal("1", await proxy.Client.GetStringAsync(proxy.Address, Cancelled));
        await sent.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        using var post = await proxy.Client.PostAsync(proxy.Address, content: null, Cancelled); // which makes sure, whatever has been seen so far
        Assert.Equal("2", await post.Content.ReadAsStringAsync(Cancelled));
    }

    private static async Task<RunningProxy> StartAsync(TcpBackend backend)
    {
        var proxy = await RunningProxy.StartAsync();
        proxy.Backends.Add("raw", [backend.EndPoint]);
        return proxy;
    }
}
