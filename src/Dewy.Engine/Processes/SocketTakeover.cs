using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Dewy.Engine.Processes;

/// <summary>
/// Copies a listening socket out of another process: the program that an agent left running when it was killed still holds
/// the sockets, and nobody can bind their addresses meanwhile. Linux 5.6; needs the right to trace that process, which the
/// same user has by default unless Yama forbids it (<c>kernel.yama.ptrace_scope</c>).
/// </summary>
internal static partial class SocketTakeover
{
    private const int OpenProcess = 434;   // pidfd_open, the same on every architecture
    private const int GetDescriptor = 438; // pidfd_getfd

    /// <summary>The socket; null where the process has none for this address, or does not let us.</summary>
    public static ListeningSocket? TryTake(int processId, ListenAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var descriptors = SocketDescriptors.Find($"{processId}", ListeningTable.Find($"{processId}", address));
        if (descriptors.Count == 0)
            return null;
        var process = (int)SystemCall(OpenProcess, processId, 0, 0);
        if (process < 0)
            return null;
        try
        {
            var copy = (int)SystemCall(GetDescriptor, process, descriptors[0], 0); // close-on-exec by itself
            return copy < 0 ? null : ListeningSocket.Adopt(address, new Socket(new SafeSocketHandle(copy, ownsHandle: true)));
        }
        finally
        {
            _ = Libc.Close(process);
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third);
}
