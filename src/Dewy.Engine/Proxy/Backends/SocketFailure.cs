using System.Net.Sockets;

namespace Dewy.Engine.Proxy.Backends;

/// <summary>What to make of a connection that failed.</summary>
internal static class SocketFailure
{
    /// <summary>Whether it failed for want of something on this side, which says nothing of the peer.</summary>
    public static bool IsOurs(SocketException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable or SocketError.AddressNotAvailable;
    }

    /// <summary>In a few words.</summary>
    public static string Describe(SocketException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => "connection refused",
            SocketError.ConnectionReset => "connection reset",
            SocketError.TimedOut => "no connection in time",
            _ => failure.Message.TrimEnd('.'),
        };
    }
}
