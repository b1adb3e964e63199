using System.Text;
using Dewy.Engine.Tests.Proxy.Tcp;

namespace Dewy.Engine.Tests.Proxy.Http1;

/// <summary>A backend that says exactly what a test wants it to say, and keeps its connections.</summary>
internal static class AnsweringBackend
{
    /// <summary>Answers the first request with the first of the answers, and so on; all further ones with the last.</summary>
    public static TcpBackend Start(params string[] answers)
    {
        var number = -1;
        return new TcpBackend(async socket =>
        {
            var received = new StringBuilder();
            var buffer = new byte[4096];
            for (int read; (read = await socket.ReceiveAsync(buffer)) > 0;)
            {
                received.Append(Encoding.Latin1.GetString(buffer, 0, read));
                for (int end; (end = received.ToString().IndexOf("\r\n\r\n", StringComparison.Ordinal)) >= 0; received.Remove(0, end + 4))
                    await socket.SendAsync(Encoding.Latin1.GetBytes(answers[Math.Min(Interlocked.Increment(ref number), answers.Length - 1)]));
            }
        });
    }
}
