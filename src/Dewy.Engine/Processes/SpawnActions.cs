using System.Runtime.InteropServices;

namespace Dewy.Engine.Processes;

/// <summary>What a child does to its descriptors and directory between its birth and its program (<c>posix_spawn_file_actions_t</c>).</summary>
internal sealed unsafe partial class SpawnActions : IDisposable
{
    /// <summary>More than any C library's structure takes (glibc: 80 bytes).</summary>
    private const int StructureBytes = 1024;

    private readonly int _floor;
    private readonly List<int> _duplicates = [];
    private readonly List<SafeHandle> _held = [];
    private void* _actions;

    /// <param name="firstFree">The lowest descriptor number that is no target: sources below it are moved out of the way.</param>
    public SpawnActions(int firstFree)
    {
        _floor = firstFree;
        _actions = NativeMemory.AllocZeroed(StructureBytes);
        Check(Init(_actions));
    }

    public void* Pointer => _actions;

    /// <summary>The child's <paramref name="target"/> is the agent's <paramref name="source"/>.</summary>
    public void Place(SafeHandle source, int target)
    {
        var held = false;
        source.DangerousAddRef(ref held);
        if (held)
            _held.Add(source);
        Check(AddDuplicate(_actions, MovedAbove((int)source.DangerousGetHandle()), target));
    }

    /// <summary>The child's <paramref name="target"/> is the same as its <paramref name="source"/>.</summary>
    public void Repeat(int source, int target) => Check(AddDuplicate(_actions, source, target));

    public void OpenNothing(int target) => Check(AddOpen(_actions, target, "/dev/null", 0, 0));

    public void OpenForAppending(int target, string path)
    {
        var flags = OperatingSystem.IsMacOS() ? 0x1 | 0x8 | 0x200 : 0x1 | 0x400 | 0x40; // O_WRONLY|O_APPEND|O_CREAT
        Check(AddOpen(_actions, target, path, flags, 0x1A0));                           // 0640
    }

    public void ChangeDirectory(string path) => Check(AddChangeDirectory(_actions, path));

    /// <summary>
    /// Closes all that is not a target, also what a library opened without close-on-exec. glibc since 2.34; elsewhere
    /// (musl) close-on-exec has to do, and macOS has an attribute of its own for it.
    /// </summary>
    public void CloseTheRest()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            Check(AddCloseFrom(_actions, _floor));
        }
        catch (EntryPointNotFoundException)
        {
            // An older C library: see above.
        }
    }

    public void Dispose()
    {
        if (_actions is null)
            return;
        _ = Destroy(_actions);
        NativeMemory.Free(_actions);
        _actions = null;
        foreach (var duplicate in _duplicates)
            _ = Libc.Close(duplicate);
        foreach (var handle in _held)
            handle.DangerousRelease();
    }

    private int MovedAbove(int descriptor)
    {
        if (descriptor >= _floor)
            return descriptor;
        var moved = Libc.DuplicateAbove(descriptor, _floor);
        if (moved < 0)
            throw new DewyException(ErrorCode.StartFailed, $"Cannot duplicate descriptor {descriptor}: {Marshal.GetLastPInvokeErrorMessage()}.")
            {
                Phase = "start",
                NextStep = "Raise the limit of open files (ulimit -n).",
            };
        _duplicates.Add(moved);
        return moved;
    }

    private static void Check(int error)
    {
        if (error != 0)
            throw new DewyException(ErrorCode.StartFailed, $"Cannot prepare a process: {Marshal.GetPInvokeErrorMessage(error)}.") { Phase = "start" };
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int Init(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int Destroy(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int AddDuplicate(void* actions, int source, int target);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddOpen(void* actions, int target, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddChangeDirectory(void* actions, string path);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    private static partial int AddCloseFrom(void* actions, int first);
}
