using System.Runtime.InteropServices;

namespace Dewy.Engine.Processes;

/// <summary>The C library's calls about processes and descriptors that .NET does not offer.</summary>
internal static partial class Libc
{
    public const int NoEntry = 2;          // ENOENT
    public const int Interrupted = 4;      // EINTR
    public const int ExecFormat = 8;       // ENOEXEC
    public const int NotPermitted = 1;     // EPERM
    public const int AccessDenied = 13;    // EACCES
    public const int TextBusy = 26;        // ETXTBSY
    public const int Existence = 0;        // F_OK
    public const int ExecutePermission = 1; // X_OK
    public const int WritePermission = 2;  // W_OK

    private const int WaitForExitedProcess = 1; // P_PID
    private const int Exited = 4;               // WEXITED
    private const int SetDescriptorFlags = 2;   // F_SETFD
    private const int CloseOnExec = 1;          // FD_CLOEXEC

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    public static partial int WaitPid(int processId, out int status, int options);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    /// <summary>Blocks until a child has ended and leaves it unreaped, so that its id stays its own.</summary>
    public static unsafe bool AwaitEnd(int processId)
    {
        var leaveWaitable = OperatingSystem.IsMacOS() ? 0x20 : 0x01000000; // WNOWAIT
        var information = stackalloc byte[128];                            // siginfo_t
        while (WaitId(WaitForExitedProcess, processId, information, Exited | leaveWaitable) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
                return false;
        }

        return true;
    }

    /// <summary>Duplicates a descriptor to the lowest free number not below <paramref name="floor"/>, close-on-exec.</summary>
    public static int DuplicateAbove(int descriptor, int floor) =>
        Control(descriptor, OperatingSystem.IsMacOS() ? 67 : 1030, floor); // F_DUPFD_CLOEXEC

    public static int KeepFromChildren(int descriptor) => Control(descriptor, SetDescriptorFlags, CloseOnExec);

    // fcntl is variadic: Apple's ARM64 convention passes such arguments on the stack, behind the eight registers.
    private static int Control(int descriptor, int command, nint argument) =>
        OperatingSystem.IsMacOS() && RuntimeInformation.ProcessArchitecture == Architecture.Arm64
            ? ControlOnStack(descriptor, command, 0, 0, 0, 0, 0, 0, argument)
            : ControlInRegisters(descriptor, command, argument);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static unsafe partial int WaitId(int kind, int processId, byte* information, int options);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int ControlInRegisters(int descriptor, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int ControlOnStack(int descriptor, int command, nint r2, nint r3, nint r4, nint r5, nint r6, nint r7, nint argument);
}
