using System.Net.Sockets;

namespace Dewy.Engine.Processes;

/// <summary>The file a Unix-domain socket leaves behind when its owner dies.</summary>
internal static class StaleSocketFile
{
    /// <summary>Removes it where nobody answers behind it.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.PortInUse"/> where somebody does, or where the path is something else.</exception>
    public static void Remove(string path)
    {
        if (!File.Exists(path))
            return;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            throw InUse(path, $"A program answers on {path} already{PortOwner.Describe(path)}.", "Stop it, or choose another path.");
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused && IsSocket(path))
        {
            File.Delete(path);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.WouldBlock or SocketError.TryAgain)
        {
            throw InUse(path, $"A program listens on {path} already{PortOwner.Describe(path)}.", "Stop it, or choose another path."); // its queue is full
        }
        catch (SocketException exception)
        {
            throw InUse(path, $"Cannot listen on {path}: there is something else, or a socket that cannot be asked ({exception.Message}).", "Remove it by hand if nothing needs it, or choose another path.");
        }
    }

    // Connecting to an ordinary file is refused as well. Only a socket cannot be opened (ENXIO).
    private static bool IsSocket(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static DewyException InUse(string path, string message, string nextStep) =>
        new(ErrorCode.PortInUse, message) { Phase = "start", Target = path, NextStep = nextStep };
}
