namespace Dewy.Engine.Files;

/// <summary>Tells what an I/O failure means to a person: a full disk, a read-only or forbidden place, or something else.</summary>
internal static class DiskFailure
{
    private const int NoSpace = 28;        // ENOSPC
    private const int QuotaExceeded = 122; // EDQUOT
    private const int ReadOnly = 30;       // EROFS
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    /// <summary>The failure as a <see cref="DewyException"/>; null where the disk is not to blame.</summary>
    /// <param name="exception">What was caught.</param>
    /// <param name="path">The file or directory that was being written.</param>
    /// <param name="phase">The phase of the deployment.</param>
    public static DewyException? Explain(Exception exception, string path, string? phase = null) => exception switch
    {
        IOException { HResult: NoSpace or QuotaExceeded or WindowsDiskFull or WindowsHandleDiskFull } =>
            new DewyException(ErrorCode.DiskFull, $"No space left while writing {path}.", exception)
            {
                Phase = phase,
                Target = path,
                NextStep = "Free space on that file system, lower --keep-releases, or point --cache elsewhere.",
            },
        IOException { HResult: ReadOnly } or UnauthorizedAccessException =>
            new DewyException(ErrorCode.RootReadOnly, $"Not allowed to write {path}: {exception.Message}", exception)
            {
                Phase = phase,
                Target = path,
                NextStep = "Give the agent's user write access, or choose another --root.",
            },
        _ => null,
    };

    /// <summary>The failure as a <see cref="DewyException"/>, also where it is none of the known ones.</summary>
    /// <inheritdoc cref="Explain"/>
    public static DewyException ExplainAny(Exception exception, string path, string? phase = null) =>
        Explain(exception, path, phase) ?? new DewyException(ErrorCode.Unexpected, $"Working on {path} failed: {exception.Message}", exception)
        {
            Phase = phase,
            Target = path,
            NextStep = "Look at that path and its file system, then try again.",
        };
}
