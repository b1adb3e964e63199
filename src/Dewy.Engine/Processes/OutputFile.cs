namespace Dewy.Engine.Processes;

/// <summary>
/// A file that programs append their output to. It outlives the agent, so a program that is left running never writes
/// into a broken pipe. Kept within bounds as logrotate's copytruncate does it, because the program keeps it open.
/// </summary>
internal sealed class OutputFile(string path, long maximumLength = OutputFile.DefaultMaximumLength)
{
    /// <summary>10 MiB; one rotated file of that length is kept beside it.</summary>
    public const long DefaultMaximumLength = 10 << 20;

    private readonly Lock _rotating = new();

    public string Path => path;

    public string RotatedPath => path + ".1";

    /// <summary>Makes sure that it is there, readable by its group at most.</summary>
    public void Create()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path) ?? "/");
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        new FileStream(path, options).Dispose();
    }

    /// <summary>Sets the content aside and empties the file when it has grown too long. What is written in between is lost.</summary>
    public void RotateWhenFull()
    {
        lock (_rotating)
        {
            using var writer = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            if (writer.Length <= maximumLength)
                return;
            File.Copy(path, RotatedPath, overwrite: true);
            writer.SetLength(0);
        }
    }
}
