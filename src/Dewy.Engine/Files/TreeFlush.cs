using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dewy.Engine.Files;

/// <summary>Makes the content of a directory tree durable before something points to it.</summary>
internal static partial class TreeFlush
{
    /// <summary>Up to here each file is flushed by itself; above, one call for the whole file system is quicker.</summary>
    private const int FewFiles = 64;

    /// <summary>Flushes every file and directory below and including <paramref name="directory"/> to the disk; links are not followed.</summary>
    public static void Flush(string directory, CancellationToken cancellationToken)
    {
        var below = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        var canFlushAll = OperatingSystem.IsLinux();
        var directories = new List<string> { directory };
        var files = new List<string>();
        foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos("*", below))
        {
            cancellationToken.ThrowIfCancellationRequested();
            (entry is DirectoryInfo ? directories : files).Add(entry.FullName);
            if (canFlushAll && files.Count + directories.Count > FewFiles)
            {
                FlushFileSystem(directory);
                return;
            }
        }

        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryFlushFile(file))
                continue;
            if (canFlushAll)
            {
                FlushFileSystem(directory);
                return;
            }
        }

        foreach (var each in directories)
            DurableFile.SyncDirectory(each);
    }

    /// <summary>False where the file's own mode keeps it from being opened.</summary>
    private static bool TryFlushFile(string file)
    {
        try
        {
            // fsync works through a descriptor for reading; Windows wants one for writing.
            var access = OperatingSystem.IsWindows() ? FileAccess.ReadWrite : FileAccess.Read;
            using var handle = File.OpenHandle(file, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.FlushToDisk(handle);
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void FlushFileSystem(string directory)
    {
        using var handle = OpenNative(directory, 0x10000 | 0x80000); // O_DIRECTORY|O_CLOEXEC
        if (handle.IsInvalid || SyncFileSystem(handle) != 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            throw new IOException($"{Marshal.GetPInvokeErrorMessage(errno)}: '{directory}'", errno);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenNative(string path, int flags);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFileSystem(SafeFileHandle handle);
}
