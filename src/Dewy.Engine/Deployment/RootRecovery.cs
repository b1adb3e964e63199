namespace Dewy.Engine.Deployment;

/// <summary>
/// First thing whoever takes the <see cref="RootLock"/> does: puts right what a crash, at any point of a deployment, left
/// behind. Afterwards either the old release or the new one is live, and nothing else of the attempt is left. May itself
/// be interrupted and repeated.
/// </summary>
internal sealed class RootRecovery(DeploymentRoot root, IEngineEventSink events, TimeProvider timeProvider)
{
    /// <summary>An interrupted deployment may be in the history already, from a recovery that was interrupted as well; it would be among the last.</summary>
    private const int HistoryLookedThrough = 16;

    /// <summary>Plans and carries out.</summary>
    /// <returns>The interrupted deployment, now in the history; null where none was.</returns>
    /// <exception cref="DewyException">The disk refuses, or a later version of Dewy wrote the state.</exception>
    public async Task<Dewy.Deployment?> RunAsync(CancellationToken cancellationToken)
    {
        // Space first, on a disk that may be full; the pointer before the directories it might point to.
        root.Current.RemoveLeftovers();
        await root.State.RemoveLeftoversAsync(cancellationToken);
        root.Releases.RemoveIncomplete(cancellationToken);

        var read = root.State.Read();
        var before = RecoveryPlan.Relocated(read, root.Layout.Releases, root.Releases.Get);
        var plan = RecoveryPlan.For(before, root.Current.Read(), Directory.Exists, root.Releases.Get);
        if (plan.PointCurrentTo is { } target)
            root.Current.Switch(target);
        if (plan.RemoveCurrent)
            root.Current.Remove();
        if (plan.RemoveDirectory is { } half)
            await root.Releases.RemoveAsync(half, cancellationToken);
        if (plan.MarkGood is { } good)
            root.Releases.MarkGood(good);
        var deployment = plan.Interrupted is { } attempt ? await RecordAsync(attempt, DeploymentResult.Interrupted, cancellationToken) : null;
        if (plan.Finished is { } finished)
            await RecordAsync(finished, DeploymentResult.Succeeded, cancellationToken);

        // Also rewrites a damaged file. Requests that operators left meanwhile are kept: only the planned members are set.
        if (!ReferenceEquals(plan.State, read))
            await root.State.UpdateAsync(state => state with { Current = plan.State.Current, Previous = plan.State.Previous, Attempt = null, Pin = Moved(state.Pin, plan.State.Pin) }, cancellationToken);
        else
            await root.State.UpdateAsync(state => state, cancellationToken);

        if (plan.Attention is { } message)
            events.Publish(new AttentionNeeded(message, root.Layout.Current, "Use dewy rollback to choose another release; Dewy switches current itself.") { Time = timeProvider.GetUtcNow() });
        return deployment;
    }

    /// <summary>The pin of the moment, with the directory found for it: an operator may have set another one meanwhile.</summary>
    private static ReleasePin? Moved(ReleasePin? now, ReleasePin? planned) => now is not null && planned is not null && now.At == planned.At ? planned : now;

    private async Task<Dewy.Deployment> RecordAsync(DeploymentAttempt attempt, DeploymentResult result, CancellationToken cancellationToken)
    {
        var deployment = new Dewy.Deployment
        {
            Id = attempt.Id,
            Mode = attempt.Mode,
            Tag = attempt.Tag,
            PreviousTag = attempt.PreviousTag,
            Digest = attempt.Digest,
            ReleaseDirectory = attempt.Directory,
            Result = result,
            Error = result == DeploymentResult.Succeeded ? null : new DeploymentError
            {
                Code = ErrorCode.Unexpected,
                Message = $"The deployment of {attempt.Tag} was interrupted: the agent or the machine ended before it did.",
                NextStep = "Nothing: it is tried again.",
            },
            StartedAt = attempt.StartedAt,
            FinishedAt = timeProvider.GetUtcNow(),
            RequestedBy = attempt.RequestedBy,
            Root = root.Layout.Root,
        };
        if (root.History.Read(HistoryLookedThrough).FirstOrDefault(known => string.Equals(known.Id, attempt.Id, StringComparison.Ordinal)) is { } known)
            return known;
        await root.History.AppendAsync(deployment, cancellationToken);
        return deployment;
    }
}
