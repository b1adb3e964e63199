using Dewy.Engine.Containers;
using Dewy.Engine.Deployment;
using Dewy.Engine.Deployment.Hooks;
using Dewy.Engine.Registries;
using Dewy.Engine.Replicas;

namespace Dewy.Engine.Agent;

/// <summary>What each step of a plan does. The order is the plan's business, undoing the executor's.</summary>
internal sealed class ReleaseSteps(AgentParts parts)
{
    /// <summary>Cleans up after an attempt that never ended: links, directories and the state are as before it.</summary>
    public async Task RecoverAsync(CancellationToken cancellationToken) =>
        await parts.Root.Recovery.RunAsync(cancellationToken);

    public Task RestoreAsync(CyclePlan plan)
    {
        if (plan.Target?.Directory is { } directory)
            parts.Root.Current.Switch(directory);
        return Task.CompletedTask;
    }

    public Task ForgetAsync(CyclePlan plan, CancellationToken cancellationToken) => parts.Root.State.UpdateAsync(
        state => state with
        {
            Blocked = plan.Target is { } proved ? [.. state.Blocked.Where(block => block.Key != proved.Key)] : state.Blocked,
            Pin = plan.ForgetsPin ? null : state.Pin,
        },
        cancellationToken);

    public Task StartLiveAsync(CyclePlan plan, CancellationToken cancellationToken) =>
        StartAsync(plan.Target ?? throw new InvalidOperationException("A start has a target."), plan.StartReason, cancellationToken);

    /// <summary>Writes the attempt down before it changes anything.</summary>
    public Task BeginAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        if (parts.Images is null)
            parts.Root.Current.EnsureUsable();
        return WriteAttemptAsync(run, cancellationToken);
    }

    public async Task FetchAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        var finding = run.Plan.Finding ?? throw new InvalidOperationException("A fetch has a release.");
        if (parts.Images is { } images)
            await PullAsync(images, finding.Release, cancellationToken);
        else
            run.Artifact = await parts.Phases.FetchAsync(parts.Source, finding, cancellationToken);
    }

    private async Task PullAsync(IImageStore images, Release release, CancellationToken cancellationToken)
    {
        try
        {
            await images.PullAsync(release, cancellationToken);
        }
        catch (DewyException exception)
        {
            parts.Publish(new ImagePullFailed(release.Artifact?.Image ?? release.Tag, release.Tag, exception.Message));
            throw;
        }
    }

    public async Task HookAsync(DeploymentRun run, HookKind kind, CancellationToken cancellationToken)
    {
        var result = await parts.Hooks.RunAsync(
            kind,
            parts.Options.Hooks,
            new HookContext
            {
                Root = parts.Root.Layout.Root,
                Command = parts.Options.Mode.ToString().ToLowerInvariant(),
                Tag = run.Tag,
                Version = run.Plan.Release?.Version ?? run.Tag,
                PreviousTag = run.Before?.Tag,
                ReleaseDirectory = run.Directory,
                Artifact = run.Artifact?.Path,
                DeploymentId = run.Id,
            },
            cancellationToken);
        if (result is { Succeeded: false } && parts.Options.Hooks.AbortOnFailure && kind == HookKind.BeforeDeploy)
            throw HookFailure.From(result);
    }

    public async Task ExtractAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        var artifact = run.Artifact ?? throw new InvalidOperationException("An extraction has an artifact.");
        var release = await parts.Phases.ExpandAsync(artifact, run.Id, staged => WriteAttemptAsync(run, cancellationToken, staged), cancellationToken);
        run.Directory = release.Path;
    }

    public Task SwitchAsync(DeploymentRun run)
    {
        var directory = run.Directory ?? run.Plan.Target?.Directory ?? throw new InvalidOperationException("A switch has a directory.");
        run.Switched = true; // before it is done: undoing a switch that did not happen does no harm
        parts.Root.Current.Switch(directory);
        return Task.CompletedTask;
    }

    public async Task StartNewAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        await StartAsync(run.ToLive(), run.Plan.StartReason, cancellationToken);
        run.Started = true;
    }

    /// <summary>
    /// The release is live from the moment the state is replaced; the attempt is struck out only when the history has its
    /// line too, so that a crash between the two is seen.
    /// </summary>
    public async Task RecordAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        var live = run.Plan.Goal == PlanGoal.Withdraw ? run.Plan.Target : run.ToLive();

        // First: where a crash follows, the release is still live and recovery takes this back.
        if (run.Plan.Goal == PlanGoal.Withdraw && run.Before?.Directory is { } withdrawn)
            parts.Root.Releases.MarkWithdrawn(withdrawn);
        var recorded = await parts.Root.State.UpdateAsync(state => Recorded(state, run, live), cancellationToken);
        run.Recorded = true;
        if (run.Plan.Goal == PlanGoal.Withdraw)
            Announce(recorded, run.Before?.Key);
        if (live?.Directory is { } directory)
            parts.Root.Releases.MarkGood(directory);
        var result = run.Plan.Goal == PlanGoal.Withdraw ? DeploymentResult.RolledBack : DeploymentResult.Succeeded;
        await parts.Root.History.AppendAsync(run.ToDeployment(result), CancellationToken.None);
        await parts.Root.State.UpdateAsync(state => state with { Attempt = null }, CancellationToken.None);
    }

    /// <summary>Tells the registry. A switch by itself knows only the tag, and what else a report needs is looked up.</summary>
    public async Task ReportAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        var release = run.Plan.Release ?? (await parts.Finder.FindAsync(run.Tag, cancellationToken)).Release;
        var report = new ShippingReport
        {
            Release = release,
            Command = parts.Options.Mode.ToString().ToLowerInvariant(),
            Host = parts.HostName,
            At = parts.Time.GetUtcNow(),
        };
        await parts.Source.ReportAsync(report, cancellationToken);
    }

    public async Task PruneAsync(CancellationToken cancellationToken)
    {
        var state = parts.Root.State.Read();
        if (parts.Images is { } images)
        {
            await images.PruneAsync([.. new[] { state.Current, state.Previous }.OfType<LiveRelease>()], cancellationToken);
            return;
        }

        var running = parts.Workload.Observe().Running?.Directory;
        await parts.Root.Releases.PruneAsync([state.Current?.Directory, state.Previous?.Directory, running], parts.Options.Deployment.KeepReleases, cancellationToken);
        parts.Cache.Evict([.. new[] { state.Current?.Key, state.Previous?.Key }.OfType<string>()]);
    }

    /// <summary>Puts back what was live before: the link, the program, and nothing of the new release is left.</summary>
    public async Task UndoAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        if (run.Switched)
        {
            if (run.Before?.Directory is { } before && Directory.Exists(before))
                parts.Root.Current.Switch(before);
            else
                parts.Root.Current.Remove();
        }

        if (run.Started && run.Before is not null)
            await StartAsync(run.Before, "rollback", cancellationToken);
        if (run.Directory is not null)
            await parts.Root.Releases.RemoveAsync(run.Directory, cancellationToken);
    }

    /// <summary>Writes down how a deployment that came to nothing ended, and blocks its release where it failed.</summary>
    public async Task CloseFailedAsync(DeploymentRun run, Dewy.Deployment deployment, DewyException? failure)
    {
        try
        {
            await parts.Root.History.AppendAsync(deployment, CancellationToken.None);
            var state = await parts.Root.State.UpdateAsync(
                state => state with
                {
                    Attempt = null,
                    Blocked = failure is null || run.Recorded ? state.Blocked : [Block(state, run.Key, run.Tag, run.Digest, failure.Code, failure.Message)],
                },
                CancellationToken.None);
            if (failure is not null)
                Announce(state, run.Key);
        }
        catch (Exception exception) when (exception is DewyException or IOException or UnauthorizedAccessException)
        {
            // A full disk can keep even this from being written; the attempt then still stands and the next cycle recovers.
            parts.Publish(new AttentionNeeded($"The end of the deployment {run.Id} could not be written down: {exception.Message}", parts.Root.Layout.StateFile, "Free space in the root."));
        }
    }

    private void Announce(RootState state, string? key)
    {
        if (state.Blocked.FirstOrDefault(block => block.Key == key) is { } blocked)
            parts.Publish(new ReleaseBlocked(blocked.Tag, blocked.Reason, blocked.Failures, blocked.RetryAt));
    }

    private async Task StartAsync(LiveRelease release, string reason, CancellationToken cancellationToken)
    {
        var ran = parts.Workload.Observe().Running is not null;
        await parts.Workload.ReplaceAsync(release, reason, cancellationToken);
        if (ran && reason is "crash" or "replenish")
            return; // some of several replicas: events of their own have told it
        parts.Publish(ran || reason is not ("start" or "deploy") ? new ServerRestarted(release.Tag, reason) : new ServerStarted(release.Tag));
    }

    private RootState Recorded(RootState state, DeploymentRun run, LiveRelease? live)
    {
        if (run.Plan.Goal == PlanGoal.Withdraw && state.Current is { } failing)
        {
            var reason = run.Plan.Reason;
            return state with
            {
                Current = live,
                Previous = Older(state, live, failing),
                Good = [.. state.Good.Where(known => !known.IsSameAs(failing))],
                Blocked = [Block(state, failing.Key, failing.Tag, failing.Digest, ErrorCode.CrashLoop, reason)],
            };
        }

        return state.Remember(live) with
        {
            Current = live,
            Previous = state.Current is { } left && !left.IsSameAs(live) ? left : state.Previous,
            Blocked = [.. state.Blocked.Where(block => block.Key == run.Key && parts.WatchTime > TimeSpan.Zero)],
            Pin = run.Plan.ForgetsPin ? null : state.Pin,
        };
    }

    /// <summary>The newest kept release that is neither the live one nor the one just withdrawn.</summary>
    private LiveRelease? Older(RootState state, LiveRelease? live, LiveRelease failing) =>
        parts.Kept(state).FirstOrDefault(kept => !kept.IsSameAs(live) && !kept.IsSameAs(failing));

    private BlockedRelease Block(RootState state, string key, string tag, Digest? digest, ErrorCode code, string reason)
    {
        var failures = (state.Blocked.FirstOrDefault(block => block.Key == key)?.Failures ?? 0) + 1;
        return new BlockedRelease
        {
            Key = key,
            Tag = tag,
            Digest = digest,
            Code = code,
            Reason = reason,
            Failures = failures,
            RetryAt = parts.Time.GetUtcNow() + BackOff.BeforeRetry(failures),
        };
    }

    private Task WriteAttemptAsync(DeploymentRun run, CancellationToken cancellationToken, StagedRelease? staged = null) => parts.Root.State.UpdateAsync(
        state => state with
        {
            Attempt = new DeploymentAttempt
            {
                Id = run.Id,
                Mode = parts.Options.Mode,
                Tag = run.Tag,
                Key = run.Key,
                Digest = run.Digest,
                Directory = staged?.Path,
                PreviousTag = run.Before?.Tag,
                PreviousDirectory = run.Before?.Directory ?? parts.Root.Current.Read(),
                StartedAt = run.StartedAt,
                RequestedBy = run.RequestedBy,
            },
        },
        cancellationToken);
}
