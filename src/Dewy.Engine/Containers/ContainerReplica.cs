using System.Net;
using Dewy.Engine.Replicas;

namespace Dewy.Engine.Containers;

/// <summary>A container as a replica. What it does with the engine it lets its host do.</summary>
internal sealed class ContainerReplica : IReplica
{
    private readonly string _application;
    private readonly string _image;
    private readonly IReadOnlyDictionary<string, string> _labels;
    private readonly ContainerCare _care;
    private readonly TaskCompletionSource<ProcessExit> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _problem;
    private ProcessExit? _exit;
    private volatile bool _isStopping;
    private volatile bool _isRemoved;

    public ContainerReplica(string application, ContainerIdentity identity, IReadOnlyList<IPEndPoint> endPoints, bool isAsConfigured, ContainerCare care)
    {
        ArgumentNullException.ThrowIfNull(identity);
        _application = application;
        _image = identity.Image;
        _labels = identity.Labels;
        _care = care;
        Id = identity.Id;
        Name = identity.Name;
        Number = identity.Number;
        Release = identity.Release;
        StartedAt = identity.StartedAt;
        EndPoints = endPoints;
        IsAsConfigured = isAsConfigured;
    }

    /// <inheritdoc/>
    public string Id { get; }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Number { get; }

    /// <inheritdoc/>
    public LiveRelease Release { get; }

    /// <inheritdoc/>
    public IReadOnlyList<IPEndPoint> EndPoints { get; }

    /// <inheritdoc/>
    public DateTimeOffset StartedAt { get; }

    /// <inheritdoc/>
    public bool IsAsConfigured { get; }

    /// <inheritdoc/>
    public Task<ProcessExit> Ended => _ended.Task;

    /// <summary>Whether it was told to end.</summary>
    public bool IsStopping => _isStopping;

    /// <summary>Whether nothing of it is left, because it was stopped here.</summary>
    public bool IsRemoved => _isRemoved;

    /// <inheritdoc/>
    public async Task<bool?> AskItselfAsync(CancellationToken cancellationToken)
    {
        var (answer, problem) = await _care.AskAsync(this, cancellationToken);
        _problem = problem;
        return answer;
    }

    /// <inheritdoc/>
    public Task<string> ReadLastOutputAsync(CancellationToken cancellationToken) =>
        _exit is { LastOutput: { Length: > 0 } known } ? Task.FromResult(known) : _care.ReadOutputAsync(this, cancellationToken);

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        var exit = await _care.StopAsync(this, cancellationToken);
        _isRemoved = true;
        MarkEnded(exit);
    }

    /// <inheritdoc/>
    public Replica Describe() => new()
    {
        Application = _application,
        Id = Id,
        Name = Name,
        Number = Number,
        Tag = Release.Tag,
        Digest = Release.Digest,
        Image = _image,
        State = Ended.IsCompleted ? ReplicaState.Exited : _isStopping ? ReplicaState.Stopping : ReplicaState.Starting,
        Addresses = Ended.IsCompleted ? [] : [.. EndPoints.Select(address => address.ToString())],
        StartedAt = StartedAt,
        DeployedAt = Release.DeployedAt,
        Problem = _exit?.ToString() ?? _problem,
        Labels = _labels,
    };

    /// <summary>It has ended; what comes later is not heard.</summary>
    public void MarkEnded(ProcessExit exit)
    {
        if (Interlocked.CompareExchange(ref _exit, exit, null) is null)
            _ended.TrySetResult(exit);
    }
}
