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
            var status = await AskAsync(proxy);
            Assert.True(status == HttpStatusCode.BadGateway || (status is null && cut >= head.Length), $"{status} after {cut} bytes");
            Assert.Equal(cut + 1, asked);
        }

        using var whole = await proxy.Client.PostAsync(proxy.Address, new StringContent("hi"), Cancelled);
        Assert.Equal("body", await whole.Content.ReadAsStringAsync(Cancelled));
    }

    /// <summary>Its status, or null where the client saw that it was cut.</summary>
    private static async Task<HttpStatusCode?> AskAsync(RunningProxy proxy)
    {
        try
        {
            using var answer = await proxy.Client.PostAsync(proxy.Address, new StringContent("hi"), Cancelled);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
