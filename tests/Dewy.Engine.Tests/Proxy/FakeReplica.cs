using System.Net;
using Dewy.Engine.Replicas;

namespace Dewy.Engine.Tests.Proxy;

/// <summary>A replica that is no more than an address.</summary>
internal sealed class FakeReplica(string id, params IReadOnlyList<IPEndPoint> endPoints) : IReplica
{
    public string Id => id;

    public string Name => $"app-{id}";

    public int Number => 0;

    public LiveRelease Release { get; } = new() { Tag = "v1.2.3", Key = "k", DeployedAt = DateTimeOffset.UnixEpoch, DeploymentId = "d" };

    public IReadOnlyList<IPEndPoint> EndPoints => endPoints;

    public DateTimeOffset StartedAt => DateTimeOffset.UnixEpoch;

    public bool IsAsConfigured => true;

    public Task<ProcessExit> Ended { get; } = new TaskCompletionSource<ProcessExit>().Task;

    public Task<bool?> AskItselfAsync(CancellationToken cancellationToken) => Task.FromResult<bool?>(null);

    public Task<string> ReadLastOutputAsync(CancellationToken cancellationToken) => Task.FromResult("");

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Replica Describe() => throw new NotSupportedException();
}
