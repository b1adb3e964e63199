using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dewy.Engine.Artifacts.Downloads;

/// <summary>
/// Has the system write a growing file to disk while more of it comes, instead of all at once in the final sync
/// (<c>sync_file_range(2)</c>). A hint: durability is the sync's business, and other systems do without.
/// </summary>
internal sealed partial class WriteBehind(SafeFileHandle file)
{
    private const long Step = 16 << 20;
    private const uint StartWriting = 2; // SYNC_FILE_RANGE_WRITE

    private long _handedOver;

    /// <summary>The file was written up to here.</summary>
    public void Advance(long position)
    {
        if (!OperatingSystem.IsLinux() || position - _handedOver < Step)
            return;
        _ = SyncFileRange(file, _handedOver, position - _handedOver, StartWriting);
        _handedOver = position;
    }

    /// <summary>The file was emptied.</summary>
    public void Restart() => _handedOver = 0;

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);
}
