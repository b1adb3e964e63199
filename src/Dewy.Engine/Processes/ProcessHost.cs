using Dewy.Engine.Diagnostics;
using Dewy.Engine.Replicas;

namespace Dewy.Engine.Processes;

/// <summary>
/// Runs replicas as processes of this host. Each gets loopback ports of its own in <c>PORT</c>; what runs is written down
/// before it may begin, so that an agent that dies leaves nothing the next one does not know.
/// </summary>
internal sealed class ProcessHost : IReplicaHost
{
    private readonly string _application;
    private readonly string _root;
    private readonly ServerOptions _options;
    private readonly int _portCount;
    private readonly IEngineEventSink _events;
    private readonly TimeProvider _time;
    private readonly RunRecord _record;
    private readonly GenerationLauncher _launcher;
    private readonly GenerationEnder _ender;
    private readonly ReplicaNames _names;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, (Generation Generation, ProcessReplica Replica)> _running = [];

    /// <summary>Makes the host; <see cref="OpenAsync"/> is its first call.</summary>
    /// <param name="application">Name of the application.</param>
    /// <param name="root">Absolute path of the root.</param>
    /// <param name="options">The program and how it is ended.</param>
    /// <param name="portCount">How many ports each replica gets: one for each of the proxy's.</param>
    /// <param name="environment">The agent's own environment.</param>
    /// <param name="starter">Starts processes.</param>
    /// <param name="redactor">Takes secrets out of output.</param>
    /// <param name="events">Gets the events.</param>
    /// <param name="time">The clock.</param>
    public ProcessHost(
        string application, string root, ServerOptions options, int portCount, IReadOnlyDictionary<string, string> environment,
        IProcessStarter starter, SecretRedactor redactor, IEngineEventSink events, TimeProvider time)
    {
        _application = application;
        _root = root;
        _options = options;
        _portCount = portCount;
        _events = events;
        _time = time;
        _names = new ReplicaNames(application, time);
        _record = new RunRecord(Path.Combine(root, ".dewy", "processes.json"));
        var output = new GenerationOutput(application, root, options.LogDirectory, redactor, events, time);
        _ender = new GenerationEnder(options, Note, events, time);
        _launcher = new GenerationLauncher(root, options, environment, starter, output, _record, Note, time);
    }

    /// <inheritdoc/>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        _record.RemoveLeftovers();
        if (!_record.Load())
            Warn("The record of running programs could not be read and was set aside; a program an earlier agent left running is not known.", _record.Path + ".corrupt", "Look for processes of this application and end those that should not run.");
        foreach (var known in _record.Generations)
        {
            _launcher.CountFrom(known.Generation);
            if (known.NotifySocket is { } path)
                NotifySocket.RemoveLeftover(path);
            if (!Survivor.IsRunning(known))
            {
                Forget(known.Generation);
                continue;
            }

            var survivor = _launcher.Adopt(known);
            if (known.Replica is { } place && known.StoppingSince is null && place.Ports.Count == _portCount)
                Keep(survivor, place);
            else
                await EndAsync(survivor, cancellationToken); // told to end already, or started with another hand-over
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<IReplica>> FindAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult<IReadOnlyList<IReplica>>([.. _running.Values.OrderBy(known => known.Generation.Number).Select(known => known.Replica)]);
    }

    /// <inheritdoc/>
    public async Task<IReplica> StartAsync(LiveRelease release, int number, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        HashSet<int> promised;
        lock (_gate)
            promised = [.. _running.Values.SelectMany(known => known.Generation.Record.Replica?.Ports ?? [])];
        var place = new ReplicaPlace(_names.Next(number), number, LoopbackPorts.Find(_portCount, promised), _options.Command);
        _events.Publish(new ReplicaStarting(place.Name, release.Tag, _options.Command[0]) { Time = _time.GetUtcNow() });

        // By the release's own directory: current may point to another one, while an update is undone.
        var generation = await _launcher.StartAsync(release, place.Fill(ServerCommand.In(release, _options.Command, _root)), place);
        var replica = Keep(generation, place);
        _events.Publish(new ReplicaStarted(replica.Name, release.Tag, $"{replica.EndPoints[0]}", Port: null) { Time = _time.GetUtcNow() });
        return replica;
    }

    /// <summary>Lets go of what still runs; it goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        List<Generation> left;
        lock (_gate)
        {
            left = [.. _running.Values.Select(known => known.Generation)];
            _running.Clear();
        }

        foreach (var generation in left)
            await generation.DisposeAsync();
    }

    private ProcessReplica Keep(Generation generation, ReplicaPlace place)
    {
        var asConfigured = place.Template.SequenceEqual(_options.Command, StringComparer.Ordinal);
        var replica = new ProcessReplica(generation, place, _application, asConfigured, EndAsync);
        lock (_gate)
            _running[generation.Number] = (generation, replica);
        return replica;
    }

    private async Task EndAsync(Generation generation, CancellationToken cancellationToken)
    {
        await _ender.EndAsync(generation, cancellationToken);
        if (generation.Process.Exited.IsCompleted)
            await generation.Ended; // its last words may still be on their way
        lock (_gate)
            _running.Remove(generation.Number);
        await generation.DisposeAsync();
        Forget(generation.Number);
    }

    private void Note(GenerationRecord generation) => Write(() => _record.Put(generation));

    private void Forget(int generation) => Write(() => _record.Remove(generation));

    /// <summary>As well as it can: a full disk must not keep a program from serving.</summary>
    private void Write(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or DewyException)
        {
            Warn($"The record of running programs could not be written: {exception.Message}", _record.Path, "Free space in the root; until then an agent that starts anew may not know what runs.");
        }
    }

    private void Warn(string message, string? target, string nextStep) => _events.Publish(new AttentionNeeded(message, target, nextStep) { Time = _time.GetUtcNow() });
}
