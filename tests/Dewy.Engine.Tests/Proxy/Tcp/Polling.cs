using System.Net.Sockets;
using System.Runtime.InteropServices;
using Dewy.Tests;

namespace Dewy.Engine.Tests.Proxy.Tcp;

/// <summary>What the system knows of a socket that is neither read from nor written to.</summary>
internal static partial class Polling
{
    /// <summary>Whether somebody has written into a pipe.</summary>
    /// <param name="reading">The descriptor that is read from; it does not wait.</param>
    public static bool HasBytes(int reading)
    {
        var bytes = new byte[16];
        return Read(reading, bytes, bytes.Length) > 0;
    }

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

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int descriptor, [Out] byte[] bytes, nint most);
}
