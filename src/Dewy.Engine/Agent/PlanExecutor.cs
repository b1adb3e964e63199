namespace Dewy.Engine.Agent;

/// <summary>
/// Runs a plan. Every step before the record can be undone; a deployment that fails, is cancelled or takes too long
/// leaves what was live before, and the release blocked.
/// </summary>
internal sealed class PlanExecutor(AgentParts parts)
{
    /// <summary>Putting the previous state back may take this long, whatever ended the deployment.</summary>
    private static readonly TimeSpan UndoTimeout = TimeSpan.FromMinutes(3);

    private readonly ReleaseSteps _steps = new(parts);

    /// <summary>Runs upkeep; its failures are the caller's.</summary>
    public async Task KeepUpAsync(CyclePlan plan, CancellationToken cancellationToken)
    {
        foreach (var step in plan.Steps)
        {
            await TimedAsync(deployment: null, step, () => step.Kind switch
            {
                StepKind.Recover => _steps.RecoverAsync(cancellationToken),
                StepKind.Restore => _steps.RestoreAsync(plan),
                StepKind.Forget => _steps.ForgetAsync(plan, cancellationToken),
                StepKind.Start => _steps.StartLiveAsync(plan, cancellationToken),
                _ => throw new InvalidOperationException($"{step.Name} is no step of upkeep."),
            });
        }
    }

    /// <summary>Runs a deployment to its end, whatever that is, and returns its entry of the history.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; everything is as before and the history says so.</exception>
    public async Task<Dewy.Deployment> DeployAsync(CyclePlan plan, string requestedBy, CancellationToken cancellationToken)
    {
        var options = parts.Options;
        var run = new DeploymentRun(plan, parts.Root.State.Read().Current, options.Mode, options.Deployment.Root, requestedBy, parts.Time);
        parts.Publish(new DeploymentStarted(run.Id, run.Tag, run.Before?.Tag, requestedBy));
        using var limit = new CancellationTokenSource(options.Agent.DeploymentTimeout, parts.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            foreach (var step in plan.Steps)
                await RunStepAsync(run, step, either.Token);
            var done = run.ToDeployment(plan.Goal == PlanGoal.Withdraw ? DeploymentResult.RolledBack : DeploymentResult.Succeeded);
            parts.Publish(new DeploymentEnded(done));
            return done;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await UndoAsync(run);
            var interrupted = run.ToDeployment(DeploymentResult.Interrupted);
            await _steps.CloseFailedAsync(run, interrupted, failure: null);
            parts.Publish(new DeploymentEnded(interrupted));
            throw;
        }
        catch (Exception exception)
        {
            // The root of a deployment: whatever it was, the previous release goes on and the history says why.
            var failure = Failures.Explain(exception, run.Phase, run.Key);
            await UndoAsync(run);
            var failed = run.ToDeployment(DeploymentResult.Failed, DeploymentError.From(failure));
            await _steps.CloseFailedAsync(run, failed, failure);
            parts.Publish(new DeploymentEnded(failed));
            return failed;
        }
    }

    private Task RunStepAsync(DeploymentRun run, CycleStep step, CancellationToken cancellationToken)
    {
        run.Phase = step.Name;
        return TimedAsync(run, step, () => step.Kind switch
        {
            StepKind.Begin => _steps.BeginAsync(run, cancellationToken),
            StepKind.Fetch => _steps.FetchAsync(run, cancellationToken),
            StepKind.BeforeHook => _steps.HookAsync(run, HookKind.BeforeDeploy, cancellationToken),
            StepKind.Extract => _steps.ExtractAsync(run, cancellationToken),
            StepKind.Switch => _steps.SwitchAsync(run),
            StepKind.Start => _steps.StartNewAsync(run, cancellationToken),
            StepKind.AfterHook => _steps.HookAsync(run, HookKind.AfterDeploy, cancellationToken),
            StepKind.Record => _steps.RecordAsync(run, cancellationToken),
            StepKind.Report => BestEffortAsync(() => _steps.ReportAsync(run, cancellationToken), "The registry was not told of the deployment"),
            StepKind.Prune => BestEffortAsync(() => _steps.PruneAsync(cancellationToken), "Old releases could not be removed"),
            _ => throw new InvalidOperationException($"{step.Name} is no step of a deployment."),
        });
    }

    private async Task TimedAsync(DeploymentRun? deployment, CycleStep step, Func<Task> body)
    {
        parts.Publish(new StepStarted(deployment?.Id, step.ToPlanStep()));
        var began = parts.Time.GetTimestamp();
        await body();
        var took = parts.Time.GetElapsedTime(began);
        deployment?.Took(step.Name, took);
        parts.Publish(new StepCompleted(deployment?.Id, step.ToPlanStep(), took));
    }

    /// <summary>The release is live by then: what fails is told, and nothing is undone.</summary>
    private async Task BestEffortAsync(Func<Task> body, string otherwise)
    {
        try
        {
            await body();
        }
        catch (DewyException exception)
        {
            parts.Publish(new AttentionNeeded($"{otherwise}: {exception.Message}", exception.Target, exception.NextStep));
        }
        catch (IOException exception)
        {
            parts.Publish(new AttentionNeeded($"{otherwise}: {exception.Message}", parts.Options.Deployment.Root, NextStep: null));
        }
    }

    private async Task UndoAsync(DeploymentRun run)
    {
        if (run.Recorded)
            return;
        using var limit = new CancellationTokenSource(UndoTimeout, parts.Time);
        try
        {
            await _steps.UndoAsync(run, limit.Token);
        }
        catch (Exception exception)
        {
            // Undoing is clean-up after a failure: the next cycle's upkeep finds and mends what is left.
            var failure = Failures.Explain(exception, "undo", run.Key);
            parts.Publish(new AttentionNeeded($"Not everything of {run.Tag} could be undone: {failure.Message}", failure.Target, "The next cycle tries again."));
        }
    }
}
