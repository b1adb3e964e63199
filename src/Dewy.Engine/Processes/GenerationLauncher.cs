using Dewy.Engine.Diagnostics;
using Dewy.Engine.Files;

namespace Dewy.Engine.Processes;

/// <summary>Brings generations to life: numbers, environment, output, and the note that is written before a program may begin.</summary>
internal sealed class GenerationLauncher(
    string root, ServerOptions options, IReadOnlyDictionary<string, string> environment, IProcessStarter starter, GenerationOutput output, RunRecord record, Action<GenerationRecord> write, TimeProvider time)
{
    private int _last;

    /// <summary>Sockets every generation inherits; set once they are open.</summary>
    public IReadOnlyList<ListeningSocket> Sockets { get; set; } = [];

    /// <summary>Goes on counting after the generations an earlier agent left.</summary>
    public void CountFrom(int last) => _last = Math.Max(_last, last);

    /// <summary>Starts a release. A failed start counts as a generation, too.</summary>
    /// <param name="release">The release.</param>
    /// <param name="command">Program and arguments.</param>
    /// <param name="replica">What makes it one of several behind the proxy; null for the only one.</param>
    public async Task<Generation> StartAsync(LiveRelease release, IReadOnlyList<string> command, ReplicaPlace? replica = null)
    {
        var number = ++_last;
        var file = output.FileOf(number);
        NotifySocket? notify = null;
        OutputTail? tail = null;
        IChildProcess? process = null;
        try
        {
            notify = OperatingSystem.IsWindows() ? null : NotifySocket.Open(time);
            file.Create();
            tail = output.Follow(file, number, from: new FileInfo(file.Path).Length);
            process = starter.Start(new ProcessStart
            {
                Program = command[0],
                Arguments = [.. command.Skip(1)],
                WorkingDirectory = root,
                Environment = EnvironmentOf(release, number, notify?.Path, replica),
                Sockets = [.. Sockets.Select(socket => socket.Handle)],
                SetListenPid = Sockets.Count > 0,
                OutputFile = file.Path,
                Gated = !OperatingSystem.IsWindows(),
            });
            var note = Note(release, command, number, process, file, replica) with { NotifySocket = notify?.Path };
            write(note); // as well as it can: a full disk must not keep a program from serving
            var generation = new Generation(note, process, tail, notify, time.GetTimestamp());
            process.Release();
            output.Prune(record.Generations.Select(known => known.Generation).ToHashSet());
            return generation;
        }
        catch (Exception exception)
        {
            if (process is not null)
                await process.DisposeAsync(); // it waits at its gate, and ends there
            if (tail is not null)
                await tail.DisposeAsync();
            if (notify is not null)
                await notify.DisposeAsync();
            if (exception is IOException or UnauthorizedAccessException && DiskFailure.Explain(exception, file.Path, "start") is { } explained)
                throw explained;
            throw;
        }
    }

    /// <summary>Takes charge of a program an earlier agent started.</summary>
    public Generation Adopt(GenerationRecord survivor)
    {
        const int remembered = LastLines.DefaultMaximumLength;
        var file = output.FileOf(survivor.Generation);
        if (!string.Equals(file.Path, survivor.OutputFile, StringComparison.Ordinal))
            file = new OutputFile(survivor.OutputFile);
        file.Create();
        var tail = output.Follow(file, survivor.Generation, new FileInfo(file.Path).Length, remembered);
        var lived = time.GetUtcNow() - survivor.StartedAt;
        var started = time.GetTimestamp() - (long)(Math.Max(lived.TotalSeconds, 0) * time.TimestampFrequency);
        return new Generation(survivor, new AdoptedProcess(survivor.ProcessId, survivor.Identity, time), tail, notify: null, started);
    }

    private Dictionary<string, string> EnvironmentOf(LiveRelease release, int number, string? notifyPath, ReplicaPlace? replica)
    {
        var child = SecretVariables.Without(environment, options.PassEnvironment);
        SocketEnvironment.RemovePersonal(child);
        SocketEnvironment.Describe(child, [.. Sockets.Select(socket => socket.Address)], number);
        if (notifyPath is not null)
            child["NOTIFY_SOCKET"] = notifyPath;
        child["DEWY_TAG"] = release.Tag;
        child["DEWY_DEPLOYMENT_ID"] = release.DeploymentId;
        if (release.Directory is { } directory)
            child["DEWY_RELEASE_DIR"] = directory;
        replica?.Describe(child);
        return child;
    }

    private GenerationRecord Note(LiveRelease release, IReadOnlyList<string> command, int number, IChildProcess process, OutputFile file, ReplicaPlace? replica) => new()
    {
        Generation = number,
        ProcessId = process.Id,
        Identity = process.Identity,
        Tag = release.Tag,
        Key = release.Key,
        Digest = release.Digest?.ToString(),
        Directory = release.Directory,
        DeployedAt = release.DeployedAt,
        DeploymentId = release.DeploymentId,
        StartedAt = time.GetUtcNow(),
        Listen = [.. Sockets.Select(socket => socket.Address.Spec)],
        Replica = replica,
        Command = command,
        OutputFile = file.Path,
    };
}
