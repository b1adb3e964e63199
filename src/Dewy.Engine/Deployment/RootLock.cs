using System.Text.Json;
using Dewy.Engine.Files;

namespace Dewy.Engine.Deployment;

/// <summary>
/// The right to deploy into a root. One process has it at a time, and one holder within a process; it ends with the
/// process however that ends. Operators who only change the state do not need it.
/// </summary>
internal sealed class RootLock : IDisposable
{
    /// <summary>The purpose of an agent.</summary>
    public const string AgentPurpose = "agent";

    /// <summary>Asking whether the lock is held takes it for an instant: a taken lock is tried again this long before it is called taken.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly FileLock _lock;

    private RootLock(FileLock fileLock) => _lock = fileLock;

    /// <summary>Takes the lock of a root that exists.</summary>
    /// <param name="layout">The root.</param>
    /// <param name="purpose"><see cref="AgentPurpose"/>, or the command that needs it, for whoever is turned away.</param>
    /// <param name="timeProvider">Tells since when.</param>
    /// <exception cref="DewyException"><see cref="ErrorCode.RootLocked"/>, naming the holder; or the lock file cannot be written.</exception>
    public static async Task<RootLock> AcquireAsync(RootLayout layout, string purpose, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        FileLock? acquired;
        try
        {
            acquired = await FileLock.AcquireAsync(layout.LockFile, Patience, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskFailure.Explain(exception, layout.LockFile)
                ?? new DewyException(ErrorCode.InvalidConfiguration, $"{layout.LockFile} cannot be locked: {exception.Message}", exception)
                {
                    Target = layout.LockFile,
                    NextStep = "Choose a --root on a file system that has file locks.",
                };
        }

        if (acquired is null)
            throw Taken(layout);
        Introduce(acquired, new RootLockHolder { ProcessId = Environment.ProcessId, Since = timeProvider.GetUtcNow(), Purpose = purpose });
        return new RootLock(acquired);
    }

    /// <summary>Who holds the root now; null where nobody does, whatever an old lock file says.</summary>
    public static RootLockHolder? TryReadHolder(RootLayout layout)
    {
        try
        {
            return FileLock.IsHeld(layout.LockFile) ? ReadHolder(layout) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DewyException(ErrorCode.RootReadOnly, $"Not allowed to read {layout.LockFile}: {exception.Message}", exception)
            {
                Target = layout.LockFile,
                NextStep = "Run this as the user the agent runs as.",
            };
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static void Introduce(FileLock acquired, RootLockHolder holder)
    {
        try
        {
            acquired.WriteContent(JsonSerializer.SerializeToUtf8Bytes(holder, DeploymentJson.Line.RootLockHolder));
        }
        catch (IOException)
        {
            // The lock is what counts: on a full disk the live release must still be started, by an unnamed holder.
        }
    }

    private static RootLockHolder ReadHolder(RootLayout layout)
    {
        try
        {
            return JsonSerializer.Deserialize(FileLock.ReadContent(layout.LockFile), DeploymentJson.Line.RootLockHolder) ?? new RootLockHolder();
        }
        catch (JsonException)
        {
            return new RootLockHolder();
        }
    }

    private static DewyException Taken(RootLayout layout)
    {
        var holder = ReadHolder(layout);
        var who = holder.ProcessId is { } processId ? $"process {processId}" : "another process";
        var since = holder.Since is { } time ? $" since {time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC" : "";
        var what = holder.IsAgent ? "an agent" : $"dewy {holder.Purpose}".TrimEnd();
        return new DewyException(ErrorCode.RootLocked, $"The root {layout.Root} is held by {what} ({who}){since}.")
        {
            Target = layout.Root,
            NextStep = holder.IsAgent ? "Stop that agent first, or choose another --root." : "Wait until it has ended, then try again.",
        };
    }
}
