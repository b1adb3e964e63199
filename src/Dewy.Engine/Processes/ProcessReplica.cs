using System.Net;
using Dewy.Engine.Replicas;

namespace Dewy.Engine.Processes;

/// <summary>A supervised process as one of several behind the proxy.</summary>
internal sealed class ProcessReplica(Generation generation, ReplicaPlace place, string application, bool isAsConfigured, Func<Generation, CancellationToken, Task> end) : IReplica
{
    public string Id => $"{generation.Number}";

    public string Name => place.Name;

    public int Number => place.Number;

    public LiveRelease Release => generation.Release;

    public IReadOnlyList<IPEndPoint> EndPoints { get; } = [.. place.Ports.Select(port => new IPEndPoint(IPAddress.Loopback, port))];

    public DateTimeOffset StartedAt => generation.Record.StartedAt;

    public bool IsAsConfigured => isAsConfigured;

    public Task<ProcessExit> Ended => generation.Ended;

    /// <summary>
    /// What it told through <c>NOTIFY_SOCKET</c>, where it uses that; and never healthy while somebody else listens on its
    /// port, who would be answering in its place.
    /// </summary>
    public Task<bool?> AskItselfAsync(CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsLinux() && place.Ports.Any(port => PortOwner.IsAnother(port, generation.Process.Id)))
            return Task.FromResult<bool?>(false);
        return Task.FromResult<bool?>(generation.Notify is { IsUsed: true } notify ? notify.Ready.IsCompleted : null);
    }

    public Task<string> ReadLastOutputAsync(CancellationToken cancellationToken) => generation.LastOutputAsync().WaitAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => end(generation, cancellationToken);

    public Replica Describe() => new()
    {
        Application = application,
        Id = Id,
        Name = Name,
        Number = Number,
        Tag = Release.Tag,
        Digest = Release.Digest,
        ProcessId = generation.Process.Id,
        State = ReplicaState.Starting,
        Addresses = Ended.IsCompleted ? [] : [.. EndPoints.Select(endPoint => endPoint.ToString())],
        StartedAt = StartedAt,
        DeployedAt = Release.DeployedAt,
    };

    /// <inheritdoc/>
    public override string ToString() => Name;
}
