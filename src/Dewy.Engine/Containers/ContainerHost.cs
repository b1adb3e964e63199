using System.Net;
using Dewy.Engine.Containers.Engine;
using Dewy.Engine.Containers.Images;
using Dewy.Engine.Containers.RunOptions;
using Dewy.Engine.Diagnostics;
using Dewy.Engine.Replicas;
using Docker.DotNet.Models;

namespace Dewy.Engine.Containers;

/// <summary>
/// Runs replicas as containers. Knows its own by their labels alone, so that any agent finds what another left, and touches
/// no others.
/// </summary>
internal sealed class ContainerHost : IReplicaHost
{
    private readonly ContainerHostSettings _settings;
    private readonly ContainerEngine _engine;
    private readonly IEngineEventSink _events;
    private readonly TimeProvider _time;
    private readonly ContainerPorts _ports;
    private readonly ContainerCare _care;
    private readonly ContainerStarter _starter;
    private readonly OptionFingerprint _fingerprints;
    private readonly CancellationTokenSource _letGo = new();
    private readonly CancellationToken _letGoToken;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ContainerReplica> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly List<Task> _following = [];
    private ApplicationLock? _lock;
    private string? _fingerprint;
    private bool _disposed;

    /// <summary>Makes the host; <see cref="OpenAsync"/> is its first call.</summary>
    /// <param name="settings">What containers of the application are like.</param>
    /// <param name="engine">Where they run; the host disposes of it.</param>
    /// <param name="images">Where their images come from.</param>
    /// <param name="redactor">Learns the secrets in the options, and takes secrets out of output.</param>
    /// <param name="events">Gets the events.</param>
    /// <param name="time">The clock.</param>
    public ContainerHost(ContainerHostSettings settings, ContainerEngine engine, ImageStore images, SecretRedactor redactor, IEngineEventSink events, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(redactor);
        _settings = settings;
        _engine = engine;
        _events = events;
        _time = time;
        foreach (var secret in settings.RunOptions.Secrets)
            redactor.Add(secret);
        var output = new ContainerOutput(engine, redactor);
        _ports = new ContainerPorts(settings.Ports, settings.Options.Port);
        _care = new ContainerCare(engine, output, settings.StopTimeout, time);
        var guard = new HostPathGuard(settings.Options.AllowUnsafe, engine.Address.SocketPath);
        _starter = new ContainerStarter(settings.Application, settings.Options.Command, settings.RunOptions, _ports, engine, images, _care, output, guard, events, time);
        _fingerprints = new OptionFingerprint(Path.Combine(settings.Root, ".dewy", "containers.key"));
        _letGoToken = _letGo.Token;
    }

    /// <inheritdoc/>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        _lock ??= await ApplicationLock.AcquireAsync(_settings.LockDirectory, _settings.Application, _settings.HostName, cancellationToken);
        await _engine.ConnectAsync(cancellationToken);
        _fingerprint = _fingerprints.Of(_starter.Template(), _settings.Ports);
        WarnIfElsewhere();
        foreach (var container in await ListAsync(cancellationToken))
        {
            if (container.State is "created")
                await _care.RemoveAsync(container.ID, NameOf(container), cancellationToken); // an agent died between making and starting it
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<IReplica>> FindAsync(CancellationToken cancellationToken)
    {
        var containers = await ListAsync(cancellationToken);
        foreach (var container in containers.Where(container => container.State is not ("created" or "removing") && !IsKnown(container)))
            await LearnAsync(container, cancellationToken);
        lock (_gate)
        {
            List<ContainerReplica> found = [.. _known.Values.Where(replica => !replica.IsRemoved && !_told.Contains(replica.Id)).OrderBy(replica => replica.StartedAt).ThenBy(replica => replica.Number)];
            _told.UnionWith(found.Where(replica => replica.Ended.IsCompleted).Select(replica => replica.Id));
            ForgetAllBut(containers.Select(container => container.ID).ToHashSet(StringComparer.Ordinal));
            _following.RemoveAll(task => task.IsCompleted);
            return found;
        }
    }

    /// <inheritdoc/>
    public async Task<IReplica> StartAsync(LiveRelease release, int number, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(release);
        var fingerprint = _fingerprint ??= _fingerprints.Of(_starter.Template(), _settings.Ports);
        var (container, endPoints) = await _starter.StartAsync(release, number, fingerprint, cancellationToken);
        var replica = Keep(ContainerIdentity.Of(container) with { Release = release, Number = number }, endPoints);
        _events.Publish(new ReplicaStarted(replica.Name, release.Tag, endPoints[0].ToString(), ContainerLabels.ReadNumber(replica.Describe().Labels, ContainerLabels.Port)) { Time = _time.GetUtcNow() });
        return replica;
    }

    /// <summary>Lets go of the containers, which go on, and of the engine.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        await _letGo.CancelAsync();
        Task[] following;
        lock (_gate)
            following = [.. _following];
        await Task.WhenAll(following);
        _letGo.Dispose();
        _engine.Dispose();
        _lock?.Dispose();
    }

    private Task<IList<ContainerListResponse>> ListAsync(CancellationToken cancellationToken)
    {
        var labels = new Dictionary<string, bool>(StringComparer.Ordinal) { [$"{ContainerLabels.Managed}=true"] = true, [$"{ContainerLabels.Application}={_settings.Application}"] = true };
        var filter = new Dictionary<string, IDictionary<string, bool>>(StringComparer.Ordinal) { ["label"] = labels };
        return _engine.AskAsync("list containers", (client, token) => client.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = filter }, token), cancellationToken);
    }

    private void ForgetAllBut(HashSet<string> there)
    {
        foreach (var gone in _known.Values.Where(replica => !there.Contains(replica.Id) && (replica.IsRemoved || _told.Contains(replica.Id))).ToList())
        {
            _told.Remove(gone.Id);
            _known.Remove(gone.Id);
        }
    }

    /// <summary>Whether a container is the run that is known; one that was started again by hand or by the engine is another.</summary>
    private bool IsKnown(ContainerListResponse container)
    {
        lock (_gate)
            return _known.TryGetValue(container.ID, out var replica) && !(replica.Ended.IsCompleted && _told.Contains(container.ID) && container.State is "running");
    }

    private async Task LearnAsync(ContainerListResponse listed, CancellationToken cancellationToken)
    {
        if (await _care.InspectAsync(listed.ID, cancellationToken) is not { State: not null } container)
            return;
        var identity = ContainerIdentity.Of(container);
        if (container.State is { Running: true, Restarting: false })
        {
            if (_ports.Find(container, ContainerLabels.ReadNumber(identity.Labels, ContainerLabels.Port)) is { } endPoints)
                Keep(identity, endPoints);
            else
                await EndAsync(identity, cancellationToken); // it serves other ports than the proxy has now
            return;
        }

        var replica = new ContainerReplica(_settings.Application, identity, [new IPEndPoint(IPAddress.Loopback, 0)], IsAsConfigured(identity), _care);
        if (await _care.FindExitAsync(replica, waited: null, cancellationToken) is { } exit)
            replica.MarkEnded(exit);
        lock (_gate)
            _known.TryAdd(identity.Id, replica);
    }

    private async Task EndAsync(ContainerIdentity identity, CancellationToken cancellationToken)
    {
        _events.Publish(new AttentionNeeded($"The container {identity.Name} does not serve the ports the proxy has now, and is stopped.", identity.Name, NextStep: null) { Time = _time.GetUtcNow() });
        await _care.StopAsync(new ContainerReplica(_settings.Application, identity, [], isAsConfigured: false, _care), cancellationToken);
    }

    private ContainerReplica Keep(ContainerIdentity identity, IReadOnlyList<IPEndPoint> endPoints)
    {
        lock (_gate)
        {
            if (_known.TryGetValue(identity.Id, out var known) && known.StartedAt == identity.StartedAt)
                return known; // a look around saw it between its start and now
            var replica = new ContainerReplica(_settings.Application, identity, endPoints, IsAsConfigured(identity), _care);
            _known[identity.Id] = replica;
            _told.Remove(identity.Id);
            _following.Add(FollowAsync(replica));
            return replica;
        }
    }

    private bool IsAsConfigured(ContainerIdentity identity) => identity.Labels.GetValueOrDefault(ContainerLabels.Options) == _fingerprint;

    private async Task FollowAsync(ContainerReplica replica)
    {
        await Task.Yield();
        try
        {
            replica.MarkEnded(await _care.FollowAsync(replica, _letGoToken));
        }
        catch (OperationCanceledException)
        {
            // Let go of: it goes on.
        }
    }

    /// <summary>Containers publish their ports on the loopback address of the engine's host.</summary>
    private void WarnIfElsewhere()
    {
        if (_engine.Address is { Host: { } host } address && !(host.Host is "localhost" || (IPAddress.TryParse(host.Host, out var ip) && IPAddress.IsLoopback(ip))))
            _events.Publish(new AttentionNeeded($"The container engine is reached at {address.Display}: if that is another host, the ports of its containers, which are on that host's 127.0.0.1, cannot be reached.", address.Display, "Run the agent on the engine's host.") { Time = _time.GetUtcNow() });
    }

    private static string NameOf(ContainerListResponse container) => container.Names is [var name, ..] ? name.TrimStart('/') : container.ID;
}
