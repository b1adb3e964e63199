using System.Net.Sockets;
using System.Text;

namespace Dewy.Engine.Tests.Proxy.Tcp;

/// <summary>What a test reads from a socket.</summary>
internal static class Reading
{
    /// <summary>All bytes up to the end that the other side announced; throws where it was a reset.</summary>
    public static async Task<byte[]> ReadToEndAsync(this Socket socket, CancellationToken cancellationToken)
    {
        using var all = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await socket.ReceiveAsync(buffer, cancellationToken)) > 0)
            all.Write(buffer, 0, count);
        return all.ToArray();
    }

    public static async Task<string> ReadTextAsync(this Socket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[1024];
        return Encoding.Latin1.GetString(buffer, 0, await socket.ReceiveAsync(buffer, cancellationToken));
    }

    public static async Task SayAsync(this Socket socket, string text, CancellationToken cancellationToken) =>
        await socket.SendAsync(Encoding.Latin1.GetBytes(text), cancellationToken);
}
