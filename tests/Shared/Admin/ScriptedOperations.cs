using System.Collections.Concurrent;
using Dewy.Engine.Admin.Operations;
using Dewy.Engine.Agent;

namespace Dewy.Tests.Admin;

/// <summary>An agent that says what a test says and remembers what it was asked.</summary>
internal sealed class ScriptedOperations : IAgentOperations
{
    public static readonly DateTimeOffset Start = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    public AgentStatus Status { get; set; } = new()
    {
        Name = "shop",
        Root = "/srv/shop",
        State = AgentState.Idle,
        Mode = DeploymentMode.Container,
        Current = new LiveRelease { Tag = "v1.2.3", Key = "registry/shop:v1.2.3", DeployedAt = Start, DeploymentId = "d1" },
    };

    public IReadOnlyList<Deployment> History { get; set; } = [];

    /// <summary>What a deploy or rollback leads to.</summary>
    public Func<CancellationToken, Task<RequestOutcome>> Outcome { get; set; } = _ => Task.FromResult(new RequestOutcome(null, "v1.2.3 is live."));

    /// <summary>Thrown by whatever is asked.</summary>
    public Exception? Failure { get; set; }

    public ConcurrentQueue<string> Asked { get; } = new();

    public AgentStatus GetStatus() => Failure is null ? Status : throw Failure;

    public IReadOnlyList<Deployment> GetDeployments(int limit) => [.. History.Take(limit)];

    public Task<Func<CancellationToken, Task<RequestOutcome>>> DeployAsync(bool force, string by, CancellationToken cancellationToken) =>
        Take($"deploy force={force} by={by}");

    public Task<Func<CancellationToken, Task<RequestOutcome>>> RollbackAsync(string? to, bool untilNewer, string by, CancellationToken cancellationToken) =>
        Take($"rollback to={to} until_newer={untilNewer} by={by}");

    public Task<Func<CancellationToken, Task<RequestOutcome>>> PinAsync(string tag, string by, CancellationToken cancellationToken) => Take($"pin tag={tag} by={by}");

    public Task PauseAsync(string by, CancellationToken cancellationToken)
    {
        Status = Status with { Pause = new ReleasePause(Start, by) };
        return Take($"pause by={by}");
    }

    public Task ResumeAsync(CancellationToken cancellationToken)
    {
        Status = Status with { Pause = null, Pin = null };
        return Take("resume");
    }

    public string Drain(string replica)
    {
        Asked.Enqueue($"drain {replica}");
        return Status.Replicas.FirstOrDefault(candidate => candidate.Id == replica || candidate.Name == replica)?.Name
            ?? throw new DewyException(ErrorCode.ReplicaNotFound, $"No replica {replica} is in rotation.") { Target = replica, NextStep = "Name another." };
    }

    private Task<Func<CancellationToken, Task<RequestOutcome>>> Take(string call)
    {
        Asked.Enqueue(call);
        return Failure is null ? Task.FromResult(Outcome) : Task.FromException<Func<CancellationToken, Task<RequestOutcome>>>(Failure);
    }
}
