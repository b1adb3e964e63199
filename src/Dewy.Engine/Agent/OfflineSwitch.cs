using Dewy.Engine.Composition;

namespace Dewy.Engine.Agent;

/// <summary>Makes a release directory live where no agent runs: the pipeline's last phase, and a rollback between two agents. The caller holds the root.</summary>
internal sealed class OfflineSwitch(AgentParts parts)
{
    public Task<Dewy.Deployment> SwitchAsync(ExpandedRelease release, string requestedBy, CancellationToken cancellationToken)
    {
        var target = new LiveRelease
        {
            Tag = release.Tag,
            Key = release.Key,
            Digest = release.Digest,
            Directory = release.Path,
            DeployedAt = parts.Time.GetUtcNow(),
            DeploymentId = "",
        };
        return RunAsync(target, pin: null, requestedBy, cancellationToken);
    }

    public Task<Dewy.Deployment> RollBackAsync(LiveRelease release, ReleasePin pin, string requestedBy, CancellationToken cancellationToken) =>
        RunAsync(release, pin, requestedBy, cancellationToken);

    /// <summary>A rollback ships nothing; and a pipeline that began with a cached file may know no registry.</summary>
    private bool Reports(ReleasePin? pin) =>
        pin is null && parts.Options.Deployment.Report && parts.Options.Registry != RegistryBinding.None;

    private async Task<Dewy.Deployment> RunAsync(LiveRelease target, ReleasePin? pin, string requestedBy, CancellationToken cancellationToken)
    {
        await parts.Root.Recovery.RunAsync(cancellationToken);
        if (pin is not null)
            await parts.Root.State.UpdateAsync(state => state with { Pin = pin }, cancellationToken);
        var plan = new CyclePlan
        {
            Goal = PlanGoal.RollBack,
            Reason = $"{requestedBy}: {target.Tag}.",
            Target = target,
            Steps =
            [
                new(StepKind.Begin, $"write down that {target.Tag} is about to be switched to"),
                .. target.Directory is { } directory ? (CycleStep[])[new(StepKind.Switch, $"point current to {directory}")] : [],
                new(StepKind.Record, $"write down that {target.Tag} is live"),
                .. Reports(pin) ? (CycleStep[])[new(StepKind.Report, "tell the registry")] : [],
                .. pin is null ? (CycleStep[])[new(StepKind.Prune, "remove releases that are no longer kept")] : [],
            ],
        };
        var deployment = await new PlanExecutor(parts).DeployAsync(plan, requestedBy, cancellationToken);
        return deployment.Error is { } error
            ? throw new DewyException(error.Code, error.Message) { Phase = error.Phase, Target = error.Target, NextStep = error.NextStep }
            : deployment;
    }
}
