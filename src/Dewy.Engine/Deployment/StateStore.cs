using System.Text.Json;
using Dewy.Engine.Files;

namespace Dewy.Engine.Deployment;

/// <summary>
/// Reads and changes <c>.dewy/state.json</c>. A change is read, applied and written under a lock that all processes
/// respect, and replaces the file atomically: a reader, and a crash at any point, finds the old state or the new one.
/// </summary>
internal sealed class StateStore(RootLayout layout, CurrentLink current, ReleaseDirectories releases, IEngineEventSink events, TimeProvider timeProvider)
{
    /// <summary>A change takes milliseconds; whoever holds the lock longer hangs.</summary>
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(10);

    /// <summary>A state is a few kilobytes; a longer file is not one.</summary>
    private const int MaximumBytes = 16 * 1024 * 1024;

    /// <summary>So many damaged files are kept for inspection.</summary>
    private const int CorruptFilesKept = 3;

    /// <summary>
    /// The state; empty where there is none yet. A damaged file is left for the next update to put aside, and what the
    /// rest of the root tells is returned (<see cref="StateReconstruction"/>).
    /// </summary>
    /// <exception cref="DewyException">A later version wrote the file, or it may not be read.</exception>
    public RootState Read() => ReadFile(out var corrupt) ?? (corrupt is null ? new RootState() : StateReconstruction.From(current, releases));

    /// <summary>What is wrong with the file, the end of a sentence; null where nothing is, or there is none.</summary>
    /// <inheritdoc cref="Read"/>
    public string? FindFault()
    {
        _ = ReadFile(out var corrupt);
        return corrupt;
    }

    /// <summary>Applies a change to what the file has now and returns what was written. Nothing is written where the change returns what it got.</summary>
    /// <param name="change">Called once, under the lock: short, and without side effects.</param>
    /// <exception cref="DewyException">The disk refuses, a later version wrote the file, or another process holds it for more than 10 s.</exception>
    public async Task<RootState> UpdateAsync(Func<RootState, RootState> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        try
        {
            using var held = await FileLock.AcquireAsync(layout.StateLockFile, LockPatience, cancellationToken) ?? throw Hung();
            var before = ReadFile(out var corrupt);
            if (corrupt is not null)
                before = PutAside(corrupt);
            before ??= new RootState();
            var after = change(before);
            if (ReferenceEquals(before, after) && corrupt is null)
                return before;
            after = after with { Format = RootState.CurrentFormat, Revision = before.Revision + 1 };
            DurableFile.Replace(
                layout.StateFile,
                JsonSerializer.SerializeToUtf8Bytes(after, DeploymentJson.Page.RootState),
                UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return after;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskFailure.ExplainAny(exception, layout.StateFile);
        }
    }

    /// <summary>Removes temporary files that a crash in the middle of a write left behind.</summary>
    public async Task RemoveLeftoversAsync(CancellationToken cancellationToken)
    {
        // Under the lock nobody else is writing, so every temporary file is a dead process's.
        using var held = await FileLock.AcquireAsync(layout.StateLockFile, LockPatience, cancellationToken) ?? throw Hung();
        DurableFile.RemoveLeftovers(layout.StateFile);
    }

    /// <summary>Null without a file, or with a damaged one, whose fault is then told.</summary>
    private RootState? ReadFile(out string? corrupt)
    {
        corrupt = null;
        byte[] content;
        try
        {
            using var stream = new FileStream(layout.StateFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > MaximumBytes)
            {
                corrupt = $"it has {stream.Length} bytes";
                return null;
            }

            content = new byte[stream.Length];
            stream.ReadExactly(content);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new DewyException(ErrorCode.RootReadOnly, $"Not allowed to read {layout.StateFile}.", exception)
            {
                Target = layout.StateFile,
                NextStep = "Run this as the user the agent runs as.",
            };
        }
        catch (IOException exception)
        {
            throw DiskFailure.ExplainAny(exception, layout.StateFile);
        }

        try
        {
            return Parse(content);
        }
        catch (JsonException exception)
        {
            corrupt = exception.Message;
            return null;
        }
    }

    private RootState Parse(byte[] content)
    {
        using (var document = JsonDocument.Parse(content))
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("format", out var element)
                || element.ValueKind != JsonValueKind.Number
                || !element.TryGetInt32(out var format)
                || format < 1)
            {
                throw new JsonException("it has no format number");
            }

            if (format > RootState.CurrentFormat)
            {
                throw new DewyException(ErrorCode.RootCorrupt, $"{layout.StateFile} has format {format}; this version of Dewy knows {RootState.CurrentFormat}.")
                {
                    Target = layout.StateFile,
                    NextStep = "Use the version of Dewy that wrote it, or a later one.",
                };
            }
        }

        return JsonSerializer.Deserialize(content, DeploymentJson.Page.RootState) ?? throw new JsonException("it is null");
    }

    private RootState PutAside(string fault)
    {
        var stamp = ReleaseName.At(timeProvider.GetUtcNow());
        var aside = $"{layout.StateFile}.corrupt-{stamp}";
        while (File.Exists(aside))
            aside = $"{layout.StateFile}.corrupt-{stamp = stamp.Next()}";
        DurableFile.Rename(layout.StateFile, aside);
        var older = Directory.GetFiles(layout.Private, $"{Path.GetFileName(layout.StateFile)}.corrupt-*");
        foreach (var old in older.OrderByDescending(File.GetLastWriteTimeUtc).Skip(CorruptFilesKept))
            File.Delete(old);

        events.Publish(new AttentionNeeded(
            $"{layout.StateFile} was damaged ({fault}) and has been rebuilt from current and the releases kept; a pin, a pause and blocked releases are forgotten.",
            aside,
            "Set a pin or pause again if there was one; the damaged file is kept for inspection.") { Time = timeProvider.GetUtcNow() });

        // Beyond any revision seen before, so that whoever waits for a change sees one.
        return StateReconstruction.From(current, releases) with { Revision = timeProvider.GetUtcNow().ToUnixTimeMilliseconds() };
    }

    private DewyException Hung() => new(ErrorCode.Timeout, $"Another process has held {layout.StateLockFile} for more than {LockPatience.TotalSeconds:0} s.")
    {
        Target = layout.StateLockFile,
        NextStep = "Find the dewy process that hangs and end it; its lock ends with it.",
    };
}
