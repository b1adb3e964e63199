using Dewy.Engine.Replicas;

namespace Dewy.Engine.Tests.Replicas.Support;

/// <summary>Remembers who is in rotation, and the fewest there ever were once there was one.</summary>
internal sealed class ExampleBackends : IBackends
{
    private readonly Lock _gate = new();
    private readonly List<BackendStatus> _backends = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _fewest = int.MaxValue;

    /// <summary>Completes when draining may end; at once where nothing is set.</summary>
    public Task DrainGate { get; set; } = Task.CompletedTask;

    public IReadOnlyList<BackendStatus> Current
    {
        get
        {
            lock (_gate)
                return [.. _backends];
        }
    }

    /// <summary>Fewest in rotation since <see cref="Watch"/>.</summary>
    public int Fewest
    {
        get
        {
            lock (_gate)
                return _fewest;
        }
    }

    public IReadOnlyList<string?> Tags => [.. Current.Where(backend => backend.State == ReplicaState.Healthy).Select(backend => backend.Tag)];

    public void Watch()
    {
        lock (_gate)
            _fewest = _backends.Count(backend => backend.State == ReplicaState.Healthy);
    }

    public void Add(IReplica replica)
    {
        lock (_gate)
        {
            if (_backends.All(backend => backend.Id != replica.Id))
                _backends.Add(new BackendStatus { Id = replica.Id, Name = replica.Name, Tag = replica.Release.Tag, Addresses = [], State = ReplicaState.Healthy, Since = DateTimeOffset.UtcNow });
        }
    }

    public async Task<int> DrainAsync(string replicaId, TimeSpan limit, CancellationToken cancellationToken)
    {
        lock (_gate)
            Set(replicaId, backend => backend with { State = ReplicaState.Draining });
        await DrainGate.WaitAsync(cancellationToken);
        Drop(replicaId);
        return 0;
    }

    public void Drop(string replicaId)
    {
        lock (_gate)
        {
            _backends.RemoveAll(backend => backend.Id == replicaId);
            Count();
        }
    }

    /// <summary>What active checks would find out.</summary>
    public void Ail(string replicaId, DateTimeOffset since)
    {
        lock (_gate)
        {
            Set(replicaId, backend => backend with { State = ReplicaState.Unhealthy, Problem = "no answer", Since = since });
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public Task WaitForChangeAsync(CancellationToken cancellationToken) => _changed.Task.WaitAsync(cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Set(string replicaId, Func<BackendStatus, BackendStatus> change)
    {
        var index = _backends.FindIndex(backend => backend.Id == replicaId);
        if (index >= 0)
            _backends[index] = change(_backends[index]);
        Count();
    }

    private void Count() => _fewest = Math.Min(_fewest, _backends.Count(backend => backend.State == ReplicaState.Healthy));
}
