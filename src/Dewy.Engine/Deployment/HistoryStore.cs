using System.Text.Json;
using Dewy.Engine.Files;

namespace Dewy.Engine.Deployment;

/// <summary>
/// <c>.dewy/history.jsonl</c>: one <see cref="Dewy.Deployment"/> a line (<see cref="DeploymentJson"/>), oldest first, each
/// flushed to the disk when it is written. Above a size the file becomes <c>history.1.jsonl</c>, replacing the one before.
/// </summary>
/// <param name="layout">The root.</param>
/// <param name="rotateAboveBytes">The size; two files of it are kept at most.</param>
internal sealed class HistoryStore(RootLayout layout, long rotateAboveBytes = HistoryStore.DefaultRotateAboveBytes)
{
    /// <summary>10 MiB: some twenty thousand deployments.</summary>
    public const long DefaultRotateAboveBytes = 10 * 1024 * 1024;

    private const int LongestMessage = 16 * 1024;
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(10);

    /// <summary>Adds a deployment. A line that a crash left unfinished is taken out first.</summary>
    /// <exception cref="DewyException">The disk refuses; then the file is as it was.</exception>
    public async Task AppendAsync(Dewy.Deployment deployment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(Clip(deployment), DeploymentJson.Line.Deployment), (byte)'\n'];
        try
        {
            using var held = await FileLock.AcquireAsync(layout.HistoryLockFile, LockPatience, cancellationToken) ?? throw Hung();
            RotateBefore(line.Length);
            Append(line);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskFailure.ExplainAny(exception, layout.HistoryFile);
        }
    }

    /// <summary>The newest deployments, newest first; reads no more of the files than it needs. Damaged lines are passed over.</summary>
    /// <exception cref="DewyException">The files may not be read.</exception>
    public IReadOnlyList<Dewy.Deployment> Read(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        try
        {
            // Both files are the same one for an instant while they rotate, hence by id.
            return [.. HistoryReader.NewestFirst(layout.HistoryFile)
                .Concat(HistoryReader.NewestFirst(layout.RotatedHistoryFile))
                .DistinctBy(deployment => deployment.Id, StringComparer.Ordinal)
                .Take(limit)];
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new DewyException(ErrorCode.RootReadOnly, $"Not allowed to read {layout.HistoryFile}.", exception)
            {
                Target = layout.HistoryFile,
                NextStep = "Run this as the user the agent runs as.",
            };
        }
    }

    private void RotateBefore(int lineLength)
    {
        var file = new FileInfo(layout.HistoryFile);
        if (file.Exists && file.Length > 0 && file.Length + lineLength > rotateAboveBytes)
            DurableFile.Rename(layout.HistoryFile, layout.RotatedHistoryFile);
    }

    private void Append(byte[] line)
    {
        var isNew = !File.Exists(layout.HistoryFile);
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(layout.HistoryFile, options);
        var end = HistoryReader.EndOfLastLine(stream);
        if (HistoryReader.IsWholeFrom(stream, end))
        {
            end = stream.Length;
            line = [(byte)'\n', .. line];
        }

        if (end < stream.Length)
            stream.SetLength(end);
        stream.Position = end;
        try
        {
            stream.Write(line);
            stream.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            stream.SetLength(end);
            throw;
        }

        if (isNew)
            DurableFile.SyncDirectory(layout.Private);
    }

    private static Dewy.Deployment Clip(Dewy.Deployment deployment) =>
        deployment.Error is { Message.Length: > LongestMessage } error
            ? deployment with { Error = error with { Message = error.Message[..LongestMessage] + "…" } }
            : deployment;

    private DewyException Hung() => new(ErrorCode.Timeout, $"Another process has held {layout.HistoryLockFile} for more than {LockPatience.TotalSeconds:0} s.")
    {
        Target = layout.HistoryLockFile,
        NextStep = "Find the dewy process that hangs and end it; its lock ends with it.",
    };
}
