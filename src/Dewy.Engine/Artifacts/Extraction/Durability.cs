using System.Runtime.InteropServices;
using Dewy.Engine.Files;
using Microsoft.Win32.SafeHandles;

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>
/// Brings an extracted tree to the disk, so that a machine that dies after the switch comes back with a whole release.
/// On Linux writing back starts while extraction goes on and one syncfs(2) waits for the rest, file names included:
/// a flush per file would cost a journal commit each. Elsewhere each file is flushed.
/// </summary>
internal static partial class Durability
{
    private const int ReadOnlyCloseOnExec = 0x80000; // O_RDONLY|O_CLOEXEC, the same on all Linux architectures .NET runs on
    private const int AccessDenied = 13; // EACCES

    /// <summary>Flushes a finished file where <see cref="SyncTree"/> will not.</summary>
    public static void SyncFile(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
            RandomAccess.FlushToDisk(file);
    }

    /// <summary>Waits until all below a directory is on the disk.</summary>
    public static void SyncTree(string directory)
    {
        if (OperatingSystem.IsLinux())
        {
            using var handle = Open(directory, ReadOnlyCloseOnExec);
            if (handle.IsInvalid || SyncFileSystem(handle) != 0)
                throw Failure(directory);
            return;
        }

        SyncDirectory(directory);
        foreach (var child in Directory.EnumerateDirectories(directory, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
            SyncDirectory(child);
    }

    private static void SyncDirectory(string directory)
    {
        try
        {
            DurableFile.SyncDirectory(directory);
        }
        catch (IOException exception) when (exception.HResult == AccessDenied)
        {
            // A directory the archive gives no read permission cannot be opened; its files were flushed.
        }
    }

    private static IOException Failure(string directory) => new($"{Marshal.GetLastPInvokeErrorMessage()}: '{directory}'", Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFileSystem(SafeFileHandle file);
}
