using System.Net;
using System.Text;
using Dewy.Engine.Tests.Proxy.Tcp;
using Xunit;

namespace Dewy.Engine.Tests.Proxy.Http1;

/// <summary>Backends that die in the middle of an answer, at each byte of it.</summary>
public sealed class BrokenAnswerTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Before there is anything to pass on it is a 502, and after that an answer that is seen to be cut.</summary>
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n", "body")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "2\r\nbo\r\n2;x\r\ndy\r\n0\r\nX-A: b\r\n\r\n")]
    public async Task Post_BackendEndsAtAnyByte_IsNeverTakenForWholeNorAskedAgain(string head, string body)
    {
        var answer = head + body;
        var (cut, asked) = (0, 0);
        await using var backend = new TcpBackend(async socket =>
        {
            using var connection = new RawConnection(socket);
            if (!(await connection.ReadUntilAsync("\r\n\r\nhi", Cancelled)).EndsWith("hi", StringComparison.Ordinal))
                return; // a health check
            Interlocked.Increment(ref asked);
            await socket.SendAsync(Encoding.Latin1.GetBytes(answer[..Volatile.Read(ref cut)]), Cancelled);
        });
        await using var proxy = await RunningProxy.StartAsync();
        proxy.Backends.Add("raw", [backend.EndPoint]);
        for (; cut < answer.Length; Volatile.Write(ref cut, cut + 1))
        {
            using var begun = await proxy.Client.SendAsync(new HttpRequestMessage(HttpMethod.Post, proxy.Address) { Content = new StringContent("hi") }, HttpCompletionOption.ResponseHeadersRead, Cancelled);
            if (begun.StatusCode != HttpStatusCode.BadGateway)
                Assert.True(cut >= head.Length && begun.StatusCode == HttpStatusCode.OK, $"{begun.StatusCode} after {cut} bytes");
            if (begun.StatusCode == HttpStatusCode.OK)
                await Assert.ThrowsAnyAsync<Exception>(() => begun.Content.ReadAsStringAsync(Cancelled));
            Assert.Equal(cut + 1, asked);
        }

        using var whole = await proxy.Client.PostAsync(proxy.Address, new StringContent("hi"), Cancelled);
        Assert.Equal("body", await whole.Content.ReadAsStringAsync(Cancelled));
    }
}
