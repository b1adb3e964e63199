using Dewy.Engine.Files;
using Microsoft.Win32.SafeHandles;

namespace Dewy.Engine.Artifacts.Downloads;

/// <summary>The file a download is written to. Its failures are the disk's, never worth another try: they leave as <see cref="DewyException"/>s.</summary>
internal sealed class PartialFile : IDisposable
{
    private readonly string _path;
    private readonly SafeFileHandle _handle;
    private readonly WriteBehind _writeBehind;

    public PartialFile(string path)
    {
        _path = path;
        try
        {
            _handle = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.Read);
            _writeBehind = new WriteBehind(_handle);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Explain(exception);
        }
    }

    /// <summary>Removes what a failed download left; where that fails as well, the next opening of the cache does it.</summary>
    public static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The failure that led here is the one to tell.
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> content, long position, CancellationToken cancellationToken)
    {
        try
        {
            await RandomAccess.WriteAsync(_handle, content, position, cancellationToken);
            _writeBehind.Advance(position + content.Length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Explain(exception);
        }
    }

    /// <summary>Empties the file.</summary>
    public void Restart()
    {
        try
        {
            RandomAccess.SetLength(_handle, 0);
            _writeBehind.Restart();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Explain(exception);
        }
    }

    /// <summary>Makes the content durable.</summary>
    public void Sync()
    {
        try
        {
            RandomAccess.FlushToDisk(_handle);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Explain(exception);
        }
    }

    /// <summary>Refuses a download the file system has no room for, before it is full.</summary>
    public void DemandSpace(long neededBytes, string description)
    {
        if (AvailableBytes() is not { } available || available >= neededBytes)
            return;
        throw new DewyException(ErrorCode.DiskFull, $"{description} needs {neededBytes:N0} more bytes beside {_path}; {available:N0} are available.")
        {
            Phase = "fetch",
            Target = _path,
            NextStep = "Free space on that file system, lower --keep-releases, or point --cache elsewhere.",
        };
    }

    public void Dispose() => _handle.Dispose();

    private long? AvailableBytes()
    {
        try
        {
            return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(_path) ?? _path : Path.GetDirectoryName(_path) ?? "/").AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is ArgumentException or IOException or UnauthorizedAccessException)
        {
            return null; // a network share may not tell; writing will
        }
    }

    private DewyException Explain(Exception exception) =>
        DiskFailure.Explain(exception, _path, "fetch") ?? new DewyException(ErrorCode.Unexpected, $"Cannot write {_path}: {exception.Message}", exception)
        {
            Phase = "fetch",
            Target = _path,
            NextStep = "Check the file system of the cache.",
        };
}
