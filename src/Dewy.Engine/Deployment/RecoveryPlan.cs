namespace Dewy.Engine.Deployment;

/// <summary>What has to be put right in a root before anything else happens there.</summary>
internal sealed record RecoveryPlan
{
    /// <summary>The state as it is to be written; the same object where nothing changes.</summary>
    public required RootState State { get; init; }

    /// <summary>Where <c>current</c> has to point; null where it is right or nobody knows better.</summary>
    public string? PointCurrentTo { get; init; }

    /// <summary><c>current</c> points to a half-deployed first release and there is nothing to go back to.</summary>
    public bool RemoveCurrent { get; init; }

    /// <summary>The release directory of an interrupted deployment; null where it had none or it must stay.</summary>
    public string? RemoveDirectory { get; init; }

    /// <summary>A live release whose being good was not noted any more.</summary>
    public string? MarkGood { get; init; }

    /// <summary>The deployment that was interrupted.</summary>
    public DeploymentAttempt? Interrupted { get; init; }

    /// <summary>The deployment that made the live release live and was not struck out any more; its line of the history may be missing.</summary>
    public DeploymentAttempt? Finished { get; init; }

    /// <summary>Something that a crash of Dewy does not explain.</summary>
    public string? Attention { get; init; }

    /// <summary>Decides from what the state says and what is on the disk. Pure but for the two questions it asks.</summary>
    /// <param name="state">The state, its directories being those of this root (<see cref="Relocated"/>).</param>
    /// <param name="target">Where <c>current</c> points; null where there is none.</param>
    /// <param name="exists">Whether a directory exists.</param>
    /// <param name="find">The release Dewy made at a path; null for anything else.</param>
    public static RecoveryPlan For(RootState state, string? target, Func<string, bool> exists, Func<string, KeptRelease?> find)
    {
        var live = state.Current?.Directory;
        var liveIsMissing = live is not null && !exists(live);
        var interrupted = state.Attempt is { } attempt && !string.Equals(attempt.Id, state.Current?.DeploymentId, StringComparison.Ordinal) ? attempt : null;
        var half = interrupted?.Directory is { } directory
            && find(directory) is { IsGood: false }
            && !Same(directory, live)
            && !Same(directory, state.Previous?.Directory) ? directory : null;

        var plan = new RecoveryPlan
        {
            State = state.Attempt is null ? state : state with { Attempt = null },
            Interrupted = interrupted,
            Finished = interrupted is null ? state.Attempt : null,
            RemoveDirectory = half,
        };
        if (liveIsMissing)
        {
            return plan with
            {
                State = plan.State with { Current = null },
                Attention = $"The live release's directory {live} is gone; {state.Current?.Tag} is no longer taken for deployed.",
            };
        }

        if (live is not null)
        {
            var isElsewhere = !Same(target, live);
            return plan with
            {
                PointCurrentTo = isElsewhere ? live : null,
                MarkGood = find(live) is { IsGood: false } ? live : null,
                Attention = isElsewhere && state.Attempt is null ? $"current pointed to {target ?? "nothing"}; it points to the live release {live} again." : null,
            };
        }

        // Nothing of Dewy's is live: what stood at current before the first deployment goes back there.
        if (interrupted?.Directory is null || !Same(target, interrupted.Directory))
            return plan;
        return interrupted.PreviousDirectory is { } before && exists(before) && !Same(before, half)
            ? plan with { PointCurrentTo = before }
            : plan with { RemoveCurrent = half is not null };
    }

    /// <summary>The state of a root that was moved or copied since: directories by the same name below its <c>releases/</c>.</summary>
    public static RootState Relocated(RootState state, string releases, Func<string, KeptRelease?> find)
    {
        string? Here(string? directory) =>
            directory is null || Same(Path.GetDirectoryName(directory), releases) ? directory : find(directory)?.Path ?? directory;
        LiveRelease? There(LiveRelease? release) => Here(release?.Directory) is { } moved && !Same(moved, release?.Directory) ? release! with { Directory = moved } : release; // a directory means a release
        var current = There(state.Current);
        var previous = There(state.Previous);
        var attempt = state.Attempt is { } old && !Same(Here(old.Directory), old.Directory) ? old with { Directory = Here(old.Directory) } : state.Attempt;
        var pin = state.Pin is { } set && !Same(Here(set.Directory), set.Directory) ? set with { Directory = Here(set.Directory) } : state.Pin;
        return ReferenceEquals(current, state.Current) && ReferenceEquals(previous, state.Previous) && ReferenceEquals(attempt, state.Attempt) && ReferenceEquals(pin, state.Pin)
            ? state
            : state with { Current = current, Previous = previous, Attempt = attempt, Pin = pin };
    }

    private static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.Ordinal);
}
