using System.Runtime.InteropServices;

namespace Dewy.Engine.Files;

/// <summary>Writes that are either wholly there after a crash or not at all.</summary>
internal static partial class DurableFile
{
    /// <summary>Replaces a file's content: temporary file beside it, fsync, rename, fsync of the directory.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content, UnixFileMode? mode = null)
    {
        var temporary = $"{path}.{Environment.ProcessId}-{Guid.NewGuid():N}.tmp";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (mode is not null && !OperatingSystem.IsWindows())
                options.UnixCreateMode = mode;
            using (var stream = new FileStream(temporary, options))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            Rename(temporary, path);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Removes what crashes in the middle of <see cref="Replace"/> left beside a file. Nobody may be writing it meanwhile.</summary>
    public static void RemoveLeftovers(string path)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        if (!Directory.Exists(directory))
            return;
        foreach (var leftover in Directory.EnumerateFiles(directory, $"{Path.GetFileName(path)}.*-*.tmp").ToList())
            File.Delete(leftover);
    }

    /// <summary>
    /// Renames a file, a directory or a symbolic link over what stands at <paramref name="to"/> (a file, a link or an
    /// empty directory), atomically, and makes the rename durable.
    /// </summary>
    public static void Rename(string from, string to)
    {
        if (OperatingSystem.IsWindows())
        {
            if (Directory.Exists(from))
                Directory.Move(from, to);
            else
                File.Move(from, to, overwrite: true);
            return;
        }

        if (RenameNative(from, to) != 0)
            throw FromErrno(Marshal.GetLastPInvokeError(), to);
        SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(to)) ?? "/");
    }

    /// <summary>Makes creations, renames and deletions in a directory durable. Does nothing on Windows, where NTFS journals them.</summary>
    public static void SyncDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
            return;
        using var handle = OpenDirectory(directory);
        if (handle.IsInvalid)
            throw FromErrno(Marshal.GetLastPInvokeError(), directory);
        _ = Fsync(handle); // some file systems refuse to sync directories; the rename itself is still atomic
    }

    private static IOException FromErrno(int errno, string path)
    {
        // The same HResult convention as the platform: the raw errno, which DiskFailure reads.
        var message = Marshal.GetPInvokeErrorMessage(errno);
        return new IOException($"{message}: '{path}'", errno);
    }

    private static SafeDirectoryHandle OpenDirectory(string directory)
    {
        // O_RDONLY|O_CLOEXEC: both have one value on every architecture of Linux, unlike O_DIRECTORY; macOS has its own.
        const int linuxReadOnlyCloseOnExec = 0x80000;
        const int macReadOnlyCloseOnExec = 0x1000000;
        return OpenNative(directory, OperatingSystem.IsLinux() ? linuxReadOnlyCloseOnExec : macReadOnlyCloseOnExec);
    }

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameNative(string from, string to);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeDirectoryHandle OpenNative(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(SafeDirectoryHandle handle);

    private sealed partial class SafeDirectoryHandle() : Microsoft.Win32.SafeHandles.SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
    {
        protected override bool ReleaseHandle() => Close(handle) == 0;

        [LibraryImport("libc", EntryPoint = "close")]
        private static partial int Close(IntPtr descriptor);
    }
}
