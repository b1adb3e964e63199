using Dewy.Engine.Replicas;

namespace Dewy.Engine.Tests.Replicas.Support;

/// <summary>A host whose replicas are <see cref="ExampleReplica"/>s, with a say in what becomes of each.</summary>
internal sealed class ExampleHost : IReplicaHost, IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<ExampleReplica> _replicas = [];
    private int _serial;

    /// <summary>What a start of this release does; null for a healthy replica.</summary>
    public Func<LiveRelease, int, Action<ExampleReplica>?> OnStart { get; set; } = (_, _) => null;

    public IReadOnlyList<ExampleReplica> Running
    {
        get
        {
            lock (_gate)
                return [.. _replicas];
        }
    }

    public int Starts => _serial;

    public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<IReplica>> FindAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult<IReadOnlyList<IReplica>>([.. _replicas]);
    }

    public Task<IReplica> StartAsync(LiveRelease release, int number, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IReplica>(Add(release, number));
    }

    /// <summary>A replica that is there already, as an earlier agent would leave it.</summary>
    public ExampleReplica Add(LiveRelease release, int number)
    {
        lock (_gate)
        {
            var replica = new ExampleReplica(release, number, ++_serial, Remove);
            OnStart(release, _serial)?.Invoke(replica);
            _replicas.Add(replica);
            return replica;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public void Dispose()
    {
        foreach (var replica in Running)
            replica.Dispose();
    }

    private void Remove(ExampleReplica replica)
    {
        lock (_gate)
            _replicas.Remove(replica);
    }
}
