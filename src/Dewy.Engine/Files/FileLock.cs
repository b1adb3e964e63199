using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dewy.Engine.Files;

/// <summary>
/// An exclusive lock on a file that other processes, and other holders in this one, respect, and that ends with the
/// process however it ends. The file's content belongs to the holder and can be read by anyone at any time.
/// </summary>
/// <remarks>
/// On Unix this is <c>flock(2)</c> on a close-on-exec descriptor: children do not keep it, and the kernel lets go of it
/// on SIGKILL. <see cref="FileStream"/> is not used there because it locks for readers as well (nobody could read the
/// holder's name) and because <c>DOTNET_SYSTEM_IO_DISABLEFILELOCKING</c> turns its locks off. On Windows the file is
/// opened without sharing it for writing.
/// </remarks>
internal sealed partial class FileLock : IDisposable
{
    private const int MaximumContentBytes = 4096;
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMilliseconds(50);

    private readonly SafeFileHandle _handle;

    private FileLock(SafeFileHandle handle) => _handle = handle;

    /// <summary>Takes the lock, creating the file (mode 0600) where it is missing; null where somebody else holds it.</summary>
    /// <exception cref="IOException">The file cannot be opened, or its file system has no locks.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be opened.</exception>
    public static FileLock? TryAcquire(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            try
            {
                return new FileLock(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read));
            }
            catch (IOException exception) when (exception.HResult == SharingViolation)
            {
                return null;
            }
        }

        CreateWhereMissing(path);
        var handle = Open(path, OpenReadWrite);
        if (TryLock(handle, LockExclusive, path))
            return new FileLock(handle);
        handle.Dispose();
        return null;
    }

    /// <summary>
    /// Takes the lock, trying again for as long as <paramref name="patience"/>; null where it did not come free. Waits in
    /// real time whatever clock the caller lives by: the holder is another process.
    /// </summary>
    public static async Task<FileLock?> AcquireAsync(string path, TimeSpan patience, CancellationToken cancellationToken)
    {
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        for (var pause = FirstRetry; ; pause = pause * 2 < LongestRetry ? pause * 2 : LongestRetry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryAcquire(path) is { } acquired)
                return acquired;
            if (clock.GetElapsedTime(start) >= patience)
                return null;
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), clock, cancellationToken);
        }
    }

    /// <summary>Whether somebody, this process included, holds the lock now. Never creates the file.</summary>
    public static bool IsHeld(string path)
    {
        if (!File.Exists(path))
            return false;
        if (OperatingSystem.IsWindows())
        {
            using var taken = TryAcquire(path);
            return taken is null;
        }

        using var handle = Open(path, OpenRead);
        return !TryLock(handle, LockShared, path);
    }

    /// <summary>What the holder wrote, at most 4 KiB; readable while the lock is held.</summary>
    public static byte[] ReadContent(string path)
    {
        using var handle = OperatingSystem.IsWindows()
            ? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)
            : Open(path, OpenRead);
        var buffer = new byte[MaximumContentBytes];
        var length = RandomAccess.Read(handle, buffer, fileOffset: 0);
        return buffer[..length];
    }

    /// <summary>Replaces the file's content, for others to read. Written over the old one, which needs no space on a full disk.</summary>
    public void WriteContent(ReadOnlySpan<byte> content)
    {
        RandomAccess.Write(_handle, content, fileOffset: 0);
        RandomAccess.SetLength(_handle, content.Length);
    }

    /// <summary>Lets go. The file stays: deleting it would let two processes lock two files of one name.</summary>
    public void Dispose()
    {
        // Said aloud, not only by closing: a child forked at this very moment may still share the descriptor until it execs.
        if (!OperatingSystem.IsWindows() && !_handle.IsClosed)
            _ = Flock(_handle, Unlock);
        _handle.Dispose();
    }

    private static void CreateWhereMissing(string path)
    {
        if (OperatingSystem.IsWindows() || File.Exists(path))
            return;
        try
        {
            new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite | FileShare.Delete,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }).Dispose();
        }
        catch (IOException) when (File.Exists(path))
        {
            // Somebody else was faster; theirs is as good.
        }
    }

    private static SafeFileHandle Open(string path, int flags)
    {
        while (true)
        {
            var handle = OpenNative(path, flags | CloseOnExec);
            if (!handle.IsInvalid)
                return handle;
            var errno = Marshal.GetLastPInvokeError();
            handle.Dispose();
            if (errno != Interrupted)
                throw Failure(errno, path);
        }
    }

    private static bool TryLock(SafeFileHandle handle, int operation, string path)
    {
        while (Flock(handle, operation | NonBlocking) != 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            if (errno == WouldBlock)
                return false;
            if (errno == Interrupted)
                continue;
            handle.Dispose();
            throw Failure(errno, path);
        }

        return true;
    }

    private static Exception Failure(int errno, string path)
    {
        var message = $"{Marshal.GetPInvokeErrorMessage(errno)}: '{path}'";
        return errno is PermissionDenied ? new UnauthorizedAccessException(message) : new IOException(message, errno);
    }

    private const int SharingViolation = unchecked((int)0x80070020);
    private const int PermissionDenied = 13; // EACCES
    private const int Interrupted = 4;       // EINTR
    private const int OpenRead = 0;
    private const int OpenReadWrite = 2;
    private const int LockShared = 1;
    private const int LockExclusive = 2;
    private const int NonBlocking = 4;
    private const int Unlock = 8;

    private static int WouldBlock => OperatingSystem.IsMacOS() ? 35 : 11; // EWOULDBLOCK

    private static int CloseOnExec => OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000; // O_CLOEXEC

    // The two-argument form only: open is variadic, and Apple's arm64 convention passes variadic arguments elsewhere.
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenNative(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle handle, int operation);
}
