using System.Diagnostics.Metrics;
using System.Globalization;

namespace Dewy.Engine.Diagnostics.Telemetry;

/// <summary>
/// What is read when somebody collects: replicas, backends, the live release. Nothing is kept between two looks but counts of
/// ends. What was once collected is shown by its collector for as long as its instrument lives, and only so many label sets
/// fit; so the instruments are made anew when replicas or the release change.
/// </summary>
internal sealed class ReplicaInstruments : IDisposable
{
    private static readonly string[] States = ["created", "running", "paused", "restarting", "exited", "dead"];

    private readonly TelemetrySources _sources;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, (string Name, long Restarts, int? ExitCode)> _ends = [];

    private readonly string _scope;
    private readonly string _version;
    private Meter? _meter;
    private bool _disposed;

    public ReplicaInstruments(string scope, string version, TelemetrySources sources)
    {
        _scope = scope;
        _version = version;
        _sources = sources;
        Renew();
    }

    /// <summary>Forgets what was shown before: replicas that are gone, the release that was live.</summary>
    public void Renew()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _meter?.Dispose();
            _meter = new Meter(_scope, _version);
            Register(_meter, _sources);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _meter?.Dispose();
        }
    }

    /// <summary>Takes note of a replica that ended by itself.</summary>
    public void Ended(ReplicaExited exited)
    {
        if (!int.TryParse(exited.Replica.AsSpan(exited.Replica.LastIndexOf('-') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return;
        lock (_gate)
            _ends[number] = (exited.Replica, _ends.GetValueOrDefault(number).Restarts + 1, exited.Exit.Code ?? 128 + exited.Exit.Signal);
    }

    private void Register(Meter meter, TelemetrySources sources)
    {
        meter.CreateObservableGauge("dewy.release.info", Release, unit: null, "1 for the live release.");
        meter.CreateObservableGauge("dewy.agent.paused", () => sources.ReadState().Pause is null ? 0 : 1, unit: null, "Whether deploying is paused.");
        if (sources.DesiredReplicas is not { } desired)
            return;
        meter.CreateObservableGauge("dewy.container.desired_replicas", () => Of(desired), "{replica}", "Replicas there shall be.");
        meter.CreateObservableGauge("dewy.container.replicas", () => Of(Replicas().Count(replica => replica.State is ReplicaState.Healthy or ReplicaState.Unhealthy or ReplicaState.Starting)), "{replica}", "Replicas there are.");
        meter.CreateObservableGauge("dewy.container.status", Status, unit: null, "1 for the state a replica is in.");
        meter.CreateObservableGauge("dewy.container.started.timestamp", () => Replicas().Select(replica => Of(replica.StartedAt.ToUnixTimeMilliseconds() / 1000.0, replica)), "s", "When a replica was started.");
        meter.CreateObservableGauge("dewy.container.info", () => Replicas().Select(Info), unit: null, "1 for each replica.");
        meter.CreateObservableGauge("dewy.container.restarts", Restarts, "{restart}", "How often the replica of a number ended by itself.");
        meter.CreateObservableGauge("dewy.container.last_terminated.exit_code", ExitCodes, unit: null, "Exit code of the last one of a number that ended by itself.");
        meter.CreateObservableGauge("dewy.container.oom_killed", OutOfMemory, unit: null, "Whether that one was ended by signal KILL, as the kernel does when memory runs out.");
        meter.CreateObservableUpDownCounter("dewy.proxy.backends", Backends, "{backend}", "Backends in rotation.");
    }

    private IReadOnlyList<Replica> Replicas() => _sources.Observe().Replicas;

    private Measurement<int> Of(int value) => new(value, new KeyValuePair<string, object?>("app", _sources.Application));

    private Measurement<T> Of<T>(T value, Replica replica)
        where T : struct => new(value, Labels(replica.Name, replica.Number));

    private Measurement<T> Of<T>(T value, string name, int number)
        where T : struct => new(value, Labels(name, number));

    private KeyValuePair<string, object?>[] Labels(string name, int number) => [new("app", _sources.Application), new("container", name), new("replica", number.ToString(CultureInfo.InvariantCulture))];

    private IEnumerable<Measurement<int>> Release()
    {
        var live = _sources.ReadState().Current;
        return live is null ? [] : [new(1, new KeyValuePair<string, object?>("version", live.Tag), new KeyValuePair<string, object?>("digest", live.Digest?.ToString() ?? ""))];
    }

    private IEnumerable<Measurement<int>> Status() =>
        from replica in Replicas()
        let now = replica.State switch
        {
            ReplicaState.Exited => "exited",
            ReplicaState.Stopping => "dead",
            _ => "running",
        }
        from state in States
        select new Measurement<int>(state == now ? 1 : 0, [.. Labels(replica.Name, replica.Number), new("state", state)]);

    private Measurement<int> Info(Replica replica) =>
        new(1, [.. Labels(replica.Name, replica.Number), new("image", replica.Image ?? ""), new("version", replica.Tag)]);

    private IEnumerable<Measurement<long>> Restarts()
    {
        lock (_gate)
            return [.. _ends.Select(end => Of(end.Value.Restarts, end.Value.Name, end.Key))];
    }

    private IEnumerable<Measurement<int>> ExitCodes()
    {
        lock (_gate)
            return [.. _ends.Where(end => end.Value.ExitCode is not null).Select(end => Of(end.Value.ExitCode ?? 0, end.Value.Name, end.Key))];
    }

    private IEnumerable<Measurement<int>> OutOfMemory()
    {
        lock (_gate)
            return [.. _ends.Select(end => Of(end.Value.ExitCode == 137 ? 1 : 0, end.Value.Name, end.Key))];
    }

    private IEnumerable<Measurement<int>> Backends()
    {
        var ready = _sources.Observe().Proxy?.Backends.Count(backend => backend.State == ReplicaState.Healthy) ?? 0;
        return _sources.Ports.Select(port => new Measurement<int>(ready, new KeyValuePair<string, object?>("proxy_port", port.Listen.Port?.ToString(CultureInfo.InvariantCulture) ?? port.Listen.Spec)));
    }
}
