namespace Dewy.Engine.Replicas;

/// <summary>A replica as its roster keeps it. Changed only under the roster's lock.</summary>
internal sealed class ReplicaEntry(IReplica replica)
{
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReplica Replica { get; } = replica;

    /// <summary>Whether it was healthy once and was put into rotation.</summary>
    public bool Joined { get; set; }

    /// <summary>Whether it is on its way out: its end is expected from then on.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>Whether it was drained and told to end.</summary>
    public bool IsStopping { get; set; }

    /// <summary>Completes when nothing of it is left, or nothing more can be done.</summary>
    public Task Left => _left.Task;

    /// <summary>Whether it runs and is to go on.</summary>
    public bool Stays => !IsLeaving && !Replica.Ended.IsCompleted;

    /// <summary>Nothing of it is left.</summary>
    public void MarkLeft() => _left.TrySetResult();
}
