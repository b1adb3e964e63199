using System.Runtime.InteropServices;

namespace Dewy.Engine.Processes;

/// <summary>
/// How every child begins (<c>posix_spawnattr_t</c>): in a process group of its own, no signal blocked, none ignored. The
/// runtime ignores SIGPIPE, for one, and a child would inherit that.
/// </summary>
internal sealed unsafe partial class SpawnAttributes : IDisposable
{
    /// <summary>More than any C library's structures take (glibc: 336 and 128 bytes).</summary>
    private const int StructureBytes = 1024;

    private const short OwnGroup = 0x02;           // POSIX_SPAWN_SETPGROUP
    private const short DefaultSignals = 0x04;     // POSIX_SPAWN_SETSIGDEF
    private const short SignalMask = 0x08;         // POSIX_SPAWN_SETSIGMASK
    private const short CloseByDefault = 0x4000;   // POSIX_SPAWN_CLOEXEC_DEFAULT, macOS

    private void* _attributes;

    public SpawnAttributes()
    {
        _attributes = NativeMemory.AllocZeroed(StructureBytes);
        _ = Init(_attributes);
        var signals = stackalloc byte[StructureBytes];
        _ = FillSet(signals);
        _ = SetDefaultSignals(_attributes, signals);
        _ = EmptySet(signals);
        _ = SetSignalMask(_attributes, signals);
        _ = SetGroup(_attributes, 0);
        var flags = OwnGroup | DefaultSignals | SignalMask | (OperatingSystem.IsMacOS() ? CloseByDefault : 0);
        _ = SetFlags(_attributes, (short)flags);
    }

    public void* Pointer => _attributes;

    public void Dispose()
    {
        if (_attributes is null)
            return;
        _ = Destroy(_attributes);
        NativeMemory.Free(_attributes);
        _attributes = null;
    }

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int Init(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int Destroy(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(void* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setpgroup")]
    private static partial int SetGroup(void* attributes, int group);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int SetSignalMask(void* attributes, void* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SetDefaultSignals(void* attributes, void* signals);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial int EmptySet(void* signals);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    private static partial int FillSet(void* signals);
}
