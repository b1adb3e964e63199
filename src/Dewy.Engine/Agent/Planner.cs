using Dewy.Engine.Deployment;
using Dewy.Engine.Replicas;

namespace Dewy.Engine.Agent;

/// <summary>
/// Turns wanted and observed into a plan. Pure: the same input gives the same plan, and nothing is touched. A cycle first
/// asks for upkeep, which needs no registry, then for the deployment.
/// </summary>
internal static class Planner
{
    /// <summary>What must be put right before anything new is thought of.</summary>
    public static CyclePlan PlanUpkeep(Observed observed, CyclePolicy policy)
    {
        var state = observed.State;
        if (state.Attempt is { } attempt)
        {
            return new CyclePlan
            {
                Goal = PlanGoal.Upkeep,
                Reason = $"The deployment {attempt.Id} of {attempt.Tag} never ended.",
                Steps = [new(StepKind.Recover, $"remove what the interrupted deployment of {attempt.Tag} left")],
            };
        }

        if (state.Current is not { } live)
            return CyclePlan.Nothing("Nothing has been deployed yet.");

        var steps = new List<CycleStep>();
        var workload = observed.Workload;
        if (live.Directory is { } directory && observed.CurrentTarget != directory)
            steps.Add(new(StepKind.Restore, $"point current back to {directory}"));
        if (workload.NeedsRunning && workload.Running is null)
            return PlanStart(observed, policy, live, steps);
        if (observed.RestartRequested && workload.NeedsRunning)
            return Upkeep("A restart was asked for.", [.. steps, StartOf(live)], live, "signal");
        if (PlanReplicas(observed, policy, live, steps) is { } replicas)
            return replicas;
        if (state.Blocked.Any(block => block.Key == live.Key) && observed.Now - live.DeployedAt > policy.WatchTime)
            steps.Add(new(StepKind.Forget, $"forget the failures of {live.Tag}, which has proved itself"));

        return steps.Count == 0
            ? CyclePlan.Nothing($"{live.Tag} is live.")
            : Upkeep($"{live.Tag} is live, but not everything is as it was left.", steps, live, "start");
    }

    /// <summary>
    /// Whether an operator's word makes a kept release live: that needs no registry, so that going back works while one is
    /// down. Null where there is no such word, or it is done.
    /// </summary>
    public static CyclePlan? PlanPutBack(Observed observed)
    {
        if (observed.State.Pin is not { } pin || IsPinned(pin, observed.State.Current) || KeptFor(pin, observed.Kept) is not { } kept)
            return null;
        if (BlockReason(block => block.Tag == pin.Tag, digest: null, observed) is { } blocked)
            return new CyclePlan { Goal = PlanGoal.Hold, Reason = blocked, Target = kept };
        var steps = new List<CycleStep> { new(StepKind.Begin, $"write down that {kept.Tag} is about to be put back") };
        if (kept.Directory is { } directory)
            steps.Add(new(StepKind.Switch, $"point current to {directory}"));
        if (observed.Workload.NeedsRunning)
            steps.Add(new(StepKind.Start, $"replace what runs with {kept.Tag}"));
        steps.Add(new(StepKind.Record, $"write down that {kept.Tag} is live"));
        return new CyclePlan
        {
            Goal = PlanGoal.RollBack,
            Reason = $"{pin.By} pinned {pin.Tag}.",
            Steps = steps,
            Target = kept,
            StartReason = "rollback",
        };
    }

    /// <summary>Whether another release is to be made live now.</summary>
    public static CyclePlan PlanDeployment(Wanted wanted, Observed observed, CyclePolicy policy)
    {
        var state = observed.State;
        var pinEnds = PinEnds(wanted, state);
        if (state.Pin is { } pin && !pinEnds && PlanPinned(pin, wanted, observed) is { } pinned)
            return pinned;

        if (wanted.Release is not { } release)
            return CyclePlan.Nothing("The registry named no release.");
        if (IsLive(release, state.Current))
            return pinEnds ? ForgetPin() : CyclePlan.Nothing($"{release.Tag} is live.");
        if (Hold(release, wanted, observed, policy) is { } why)
            return new CyclePlan { Goal = PlanGoal.Hold, Reason = why, Finding = wanted.Finding };

        return new CyclePlan
        {
            Goal = PlanGoal.Deploy,
            Reason = state.Current is { } live ? $"{release.Tag} replaces {live.Tag}." : $"{release.Tag} is the first release here.",
            Steps = DeploySteps(release, observed, policy),
            Finding = wanted.Finding,
            ForgetsPin = pinEnds,
        };
    }

    /// <summary>Whether a release of the registry is what is live: the same key, and no other digest where the registry states one.</summary>
    public static bool IsLive(Release release, LiveRelease? live) =>
        live is not null && live.Key == release.CacheKey && !DigestDiffers(release.Artifact?.Digest, live.Digest);

    private static CyclePlan PlanStart(Observed observed, CyclePolicy policy, LiveRelease live, List<CycleStep> steps)
    {
        var workload = observed.Workload;
        if (workload.LastExit is null || workload.LastExitAt is not { } exitAt)
            return Upkeep($"{live.Tag} is live and not running.", [.. steps, StartOf(live)], live, observed.RestartRequested ? "signal" : "start");

        if (Withdrawal(observed, policy, live, exitAt, $"{live.Tag} {workload.LastExit}", workload.LastExit.LastOutput) is { } withdrawal)
            return withdrawal;

        var startAt = exitAt + BackOff.BeforeRestart(workload.Crashes);
        return observed.Now >= startAt || observed.Force || observed.RestartRequested
            ? Upkeep($"{live.Tag} {workload.LastExit}.", [.. steps, StartOf(live)], live, "crash")
            : CyclePlan.Nothing($"{live.Tag} {workload.LastExit} and is started again at {startAt:HH:mm:ss}.") with { NotBefore = startAt, Target = live };
    }

    /// <summary>Part of the application runs: what is missing comes back, what hangs is replaced, and a release under watch goes.</summary>
    private static CyclePlan? PlanReplicas(Observed observed, CyclePolicy policy, LiveRelease live, IReadOnlyList<CycleStep> steps)
    {
        var workload = observed.Workload;
        if (workload is { LastExit: { } exit, LastExitAt: { } exitAt }
            && Withdrawal(observed, policy, live, exitAt, $"A replica of {live.Tag} {exit}", exit.LastOutput) is { } crashed)
        {
            return crashed;
        }

        if (workload.Ailing is { } ailing)
        {
            if (Withdrawal(observed, policy, live, ailing.Since, $"{ailing.Replica} of {live.Tag} stopped answering ({ailing.Reason})", ailing.LastOutput) is { } silent)
                return silent;
            if (observed.Now >= ailing.ReplaceAt)
                return Upkeep($"{ailing.Replica} has not answered since {ailing.Since:HH:mm:ss}: {ailing.Reason}.", [.. steps, new(StepKind.Start, $"replace {ailing.Replica}")], live, "crash");
        }

        if (workload.Amiss is { } amiss)
        {
            var startAt = (workload.LastExitAt ?? DateTimeOffset.MinValue) + (workload.LastExit is null ? TimeSpan.Zero : BackOff.BeforeRestart(workload.Crashes));
            return observed.Now >= startAt || observed.Force
                ? Upkeep($"{char.ToUpperInvariant(amiss[0])}{amiss[1..]}.", [.. steps, new(StepKind.Start, $"put right: {amiss}")], live, workload.LastExit is null ? "replenish" : "crash")
                : CyclePlan.Nothing($"{amiss}; put right at {startAt:HH:mm:ss}.") with { NotBefore = startAt, Target = live };
        }

        return workload.Ailing is { } waiting ? CyclePlan.Nothing($"{waiting.Replica} does not answer.") with { NotBefore = waiting.ReplaceAt } : null;
    }

    /// <summary>The way back to the previous release where the live one misbehaved under watch; null where it stays.</summary>
    private static CyclePlan? Withdrawal(Observed observed, CyclePolicy policy, LiveRelease live, DateTimeOffset at, string what, string lastOutput)
    {
        var watched = at - live.DeployedAt <= policy.WatchTime && observed.State.Pin?.Tag != live.Tag;
        if (!watched || !policy.Rollback || observed.State.Previous is not { } previous || !observed.Kept.Any(previous.IsSameAs))
            return null;
        List<CycleStep> steps = previous.Directory is { } directory ? [new(StepKind.Switch, $"point current back to {directory}")] : [];
        return new CyclePlan
        {
            Goal = PlanGoal.Withdraw,
            Reason = $"{what} {Math.Max((at - live.DeployedAt).TotalSeconds, 0):0.#} s after going live.{LastWords(lastOutput)}",
            Steps =
            [
                .. steps,
                new(StepKind.Start, $"start {previous.Tag}"),
                new(StepKind.Record, $"write down that {previous.Tag} is live and {live.Tag} is blocked"),
            ],
            Target = previous,
            StartReason = "rollback",
        };
    }

    /// <summary>Whether a pin speaks of the live release.</summary>
    public static bool IsPinned(ReleasePin pin, LiveRelease? live) =>
        live is not null && live.Tag == pin.Tag && (pin.Directory is null || pin.Directory == live.Directory);

    /// <summary>The kept release that a pin speaks of; null where the registry must have it.</summary>
    public static LiveRelease? KeptFor(ReleasePin pin, IReadOnlyList<LiveRelease> kept) =>
        kept.FirstOrDefault(release => pin.Directory is null ? release.Tag == pin.Tag : release.Directory == pin.Directory);

    private static CyclePlan? PlanPinned(ReleasePin pin, Wanted wanted, Observed observed)
    {
        if (IsPinned(pin, observed.State.Current))
            return CyclePlan.Nothing($"{pin.Tag} is live and pinned.");
        if (PlanPutBack(observed) is { } back)
            return back with { Finding = wanted.Finding };
        if (BlockReason(block => block.Tag == pin.Tag, digest: null, observed) is { } blocked)
            return new CyclePlan { Goal = PlanGoal.Hold, Reason = blocked, Finding = wanted.Finding };
        return wanted.Release?.Tag == pin.Tag
            ? null // the registry has it: an ordinary deployment
            : new CyclePlan { Goal = PlanGoal.Hold, Reason = $"{pin.Tag} is pinned, but it is neither kept in this root nor in the registry.", Finding = wanted.Finding };
    }

    private static List<CycleStep> DeploySteps(Release release, Observed observed, CyclePolicy policy)
    {
        var steps = new List<CycleStep>
        {
            new(StepKind.Begin, $"write down that {release.Tag} is about to be deployed"),
            new(StepKind.Fetch, policy.HasFiles ? $"fetch and verify {release.CacheKey}" : $"pull {release.Artifact?.Image}"),
        };
        if (policy.HasBeforeHook)
            steps.Add(new(StepKind.BeforeHook, "run the hook before the deployment"));
        if (policy.HasFiles)
        {
            steps.Add(new(StepKind.Extract, policy.Shared.Count == 0
                ? $"extract {release.Artifact?.Name} into a new directory under releases"
                : $"extract {release.Artifact?.Name} into a new directory under releases and link {string.Join(", ", policy.Shared)}"));
            steps.Add(new(StepKind.Switch, "point current to it"));
        }

        if (observed.Workload.NeedsRunning)
            steps.Add(new(StepKind.Start, observed.Workload.Running is { } running ? $"start {release.Tag}, wait until it is ready, stop {running.Tag}" : $"start {release.Tag}"));
        if (policy.HasAfterHook)
            steps.Add(new(StepKind.AfterHook, "run the hook after the deployment"));
        steps.Add(new(StepKind.Record, $"write down that {release.Tag} is live"));
        if (policy.Reports)
            steps.Add(new(StepKind.Report, "tell the registry"));
        steps.Add(new(StepKind.Prune, policy.HasFiles ? "remove releases and cache entries that are no longer kept" : "remove images that are no longer kept"));
        return steps;
    }

    private static string? Hold(Release release, Wanted wanted, Observed observed, CyclePolicy policy)
    {
        if (observed.State.Pause is { } pause)
            return $"Deploying is paused by {pause.By} since {pause.At:u}.";
        if (wanted.IsDowngrade && !policy.Agent.AllowDowngrade && observed.State.Pin?.Tag != release.Tag)
            return $"{release.Tag} is older than the live {observed.State.Current?.Tag} and --no-downgrade is set.";
        if (observed.Force)
            return null;
        if (BlockReason(block => block.Key == release.CacheKey, release.Artifact?.Digest, observed) is { } blocked)
            return blocked;
        if (policy.Agent.MinimumAge > TimeSpan.Zero && wanted.Since is { } since && observed.Now - since < policy.Agent.MinimumAge)
            return $"{release.Tag} is younger than {policy.Agent.MinimumAge}.";
        if (policy.Agent.Windows.Count > 0 && !policy.Agent.Windows.Any(window => window.Contains(observed.LocalNow)))
            return $"It is {observed.LocalNow:ddd HH:mm}, outside {string.Join(" and ", policy.Agent.Windows)}.";
        return null;
    }

    private static string? BlockReason(Func<BlockedRelease, bool> concerns, Digest? digest, Observed observed)
    {
        var block = observed.State.Blocked.FirstOrDefault(concerns);
        return block is null || observed.Force || observed.Now >= block.RetryAt || DigestDiffers(digest, block.Digest)
            ? null
            : $"{block.Tag} failed {block.Failures} time(s) and is tried again at {block.RetryAt:u}: {block.Reason}";
    }

    private static bool PinEnds(Wanted wanted, RootState state) =>
        state.Pin is { UntilNewer: true } pin
        && wanted.Release is { } release
        && !wanted.IsDowngrade
        && release.Tag != pin.NewestTagThen
        && release.Tag != pin.Tag;

    private static bool DigestDiffers(Digest? stated, Digest? known) =>
        stated is not null && known is not null && stated.Algorithm == known.Algorithm && stated != known;

    private static string LastWords(string lastOutput) => lastOutput.Length == 0 ? "" : $" Its last output:\n{lastOutput}";

    private static CycleStep StartOf(LiveRelease live) => new(StepKind.Start, $"start {live.Tag}");

    private static CyclePlan ForgetPin() => new()
    {
        Goal = PlanGoal.Upkeep,
        Reason = "A newer release ended the pin.",
        Steps = [new(StepKind.Forget, "forget the pin")],
        ForgetsPin = true,
    };

    private static CyclePlan Upkeep(string reason, IReadOnlyList<CycleStep> steps, LiveRelease live, string startReason) =>
        new() { Goal = PlanGoal.Upkeep, Reason = reason, Steps = steps, Target = live, StartReason = startReason };
}
