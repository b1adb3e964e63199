using System.Runtime.InteropServices;

namespace Dewy.Engine.Proxy.Tcp.Epoll;

/// <summary>Linux's calls about many descriptors at once: epoll(7), splice(2) and what goes with them.</summary>
internal static unsafe partial class EpollCalls
{
    public const uint Readable = 0x001;       // EPOLLIN
    public const uint Urgent = 0x002;         // EPOLLPRI
    public const uint Writable = 0x004;       // EPOLLOUT
    public const uint Failed = 0x008;         // EPOLLERR
    public const uint HungUp = 0x010;         // EPOLLHUP
    public const uint PeerEnded = 0x2000;     // EPOLLRDHUP
    public const uint OnChange = 0x80000000;  // EPOLLET

    public const int Add = 1;                 // EPOLL_CTL_ADD
    public const int Delete = 2;              // EPOLL_CTL_DEL

    public const int Interrupted = 4;         // EINTR
    public const int WouldBlock = 11;         // EAGAIN
    public const int InProgress = 115;        // EINPROGRESS

    public const int DoNotWait = 0x40 | 0x4000;  // MSG_DONTWAIT, MSG_NOSIGNAL
    public const uint MoveWithoutWaiting = 1 | 2; // SPLICE_F_MOVE, SPLICE_F_NONBLOCK

    /// <summary>Bytes of one <c>struct epoll_event</c>: without padding on x86-64, with it elsewhere.</summary>
    public static readonly int EventBytes = IsPacked ? 12 : 16;

    /// <summary>Where in it the 64 bits are that belong to the caller; the events are its first 32.</summary>
    public static readonly int DataOffset = IsPacked ? 4 : 8;

    private const int CloseOnExec = 0x80000;  // EPOLL_CLOEXEC, EFD_CLOEXEC, O_CLOEXEC
    private const int NonBlocking = 0x800;    // EFD_NONBLOCK, O_NONBLOCK
    private const int SetPipeSize = 1031;     // F_SETPIPE_SZ
    private const short PollWritable = 0x004; // POLLOUT

    private static bool IsPacked => RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;

    public static int CreateEpoll() => CreateEpoll(CloseOnExec);

    public static int CreateWake() => CreateEvent(0, CloseOnExec | NonBlocking);

    /// <summary>Registers a descriptor, or takes it out.</summary>
    /// <param name="epoll">Where.</param>
    /// <param name="operation"><see cref="Add"/> or <see cref="Delete"/>.</param>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="events">Which events.</param>
    /// <param name="data">Comes back with every event.</param>
    /// <returns>0, or -1 with the error.</returns>
    public static int Control(int epoll, int operation, int descriptor, uint events, long data)
    {
        var registration = stackalloc byte[16];
        *(uint*)registration = events;
        *(long*)(registration + DataOffset) = data;
        return Control(epoll, operation, descriptor, registration);
    }

    /// <summary>Two ends of a pipe that never wait; -1 with the error.</summary>
    public static int CreatePipe(out int reading, out int writing)
    {
        var ends = stackalloc int[2];
        var result = CreatePipe(ends, CloseOnExec | NonBlocking);
        (reading, writing) = (ends[0], ends[1]);
        return result;
    }

    /// <summary>What the pipe may hold from now on, in bytes; -1 where it stays as it was.</summary>
    public static int Resize(int pipe, int bytes) => Control(pipe, SetPipeSize, bytes);

    /// <summary>Whether something could be written now, or an error is waiting.</summary>
    public static bool IsWritable(int descriptor)
    {
        var poll = stackalloc PollDescriptor[1];
        poll[0] = new PollDescriptor { Descriptor = descriptor, Wanted = PollWritable };
        return Poll(poll, 1, 0) > 0;
    }

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int Wait(int epoll, byte* events, int most, int milliseconds);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int socket, byte* bytes, nuint most, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int socket, byte* bytes, nuint count, int flags);

    [LibraryImport("libc", EntryPoint = "splice", SetLastError = true)]
    public static partial nint Splice(int from, long* fromOffset, int to, long* toOffset, nuint most, uint flags);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(int socket, byte* address, uint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int CreateEpoll(int flags);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int CreateEvent(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int epoll, int operation, int descriptor, byte* registration);

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static partial int CreatePipe(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Wanted;
        public short Found;
    }
}
