using System.Net.Sockets;
using Dewy.Tests;

namespace Dewy.Engine.Tests.Proxy.Tcp;

/// <summary>What the system knows of a socket that is neither read from nor written to.</summary>
internal static class Polling
{
    /// <summary>Waits until it has failed.</summary>
    public static async Task<SocketError> ErrorAsync(Socket socket)
    {
        var error = SocketError.Success;
        await Eventually.IsTrueAsync(
            () =>
            {
                error = (SocketError)(int)(socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) ?? 0);
                return error != SocketError.Success;
            },
            "the connection is broken");
        return error;
    }
}
