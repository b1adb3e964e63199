using Dewy.Engine.Deployment;

namespace Dewy.Engine.Agent;

/// <summary>
/// One turn of the loop, in its parts: observe and keep up, check, plan, execute. The agent repeats it; one-shot commands
/// run it once.
/// </summary>
internal sealed class AgentCycle
{
    private static readonly TimeSpan NoteEvery = TimeSpan.FromMinutes(1);

    private readonly AgentParts _parts;
    private readonly Action<AgentState> _report;
    private readonly PlanExecutor _executor;
    private readonly Lookout _lookout;
    private readonly CyclePolicy _policy;
    private readonly UpkeepPatience _patience;
    private (ReleasePin?, ReleasePause?) _operatorsWord;
    private volatile HeldRelease? _held;
    private volatile RegistryCheck? _lastCheck;

    public AgentCycle(AgentParts parts, Action<AgentState> report)
    {
        _parts = parts;
        _report = report;
        _executor = new PlanExecutor(parts);
        _lookout = new Lookout(parts);
        _policy = CyclePolicy.From(parts.Options);
        _patience = new UpkeepPatience(parts.Time);
    }

    /// <summary>
    /// Cleans up after an agent that died, then opens the workload on what is live. Always: not only an interrupted
    /// deployment leaves something behind, and what is left takes space that the next one may need.
    /// </summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (await _parts.Root.Recovery.RunAsync(cancellationToken) is { Result: DeploymentResult.Interrupted } interrupted)
            _parts.Publish(new DeploymentEnded(interrupted));
        await IntroduceAsync(cancellationToken);
        await _parts.Workload.OpenAsync(_parts.Root.State.Read().Current, cancellationToken);
    }

    /// <summary>Puts right what is not as the state says. Returns when there will be something to do that no event announces.</summary>
    public async Task<DateTimeOffset?> KeepUpAsync(CycleRequest request, CancellationToken cancellationToken)
    {
        await _parts.Workload.LookAsync(cancellationToken);
        var observed = Observe(request);
        var plan = Planner.PlanUpkeep(observed, _policy);
        if (plan.Goal == PlanGoal.Nothing)
        {
            AnnounceRestart(plan, observed);
            if (plan.NotBefore is null)
                UpkeepSucceeded();
            return plan.NotBefore;
        }

        if (!request.Force && !request.Restart && _patience.NotBefore is { } notBefore && observed.Now < notBefore)
            return notBefore;
        try
        {
            if (plan.Goal == PlanGoal.Withdraw)
                await WithdrawAsync(plan, observed, cancellationToken);
            else
                await _executor.KeepUpAsync(plan, cancellationToken);
            UpkeepSucceeded();
            return null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            var failure = Failures.Explain(exception, "upkeep", plan.Target?.Tag);
            var delay = _patience.Failed();
            _parts.Publish(new CycleFailed(DeploymentError.From(failure), _patience.Failures, delay));
            return _patience.NotBefore;
        }
    }

    /// <summary>
    /// Does what an operator wants, or else asks the registry and deploys what it wants. Failures of either are told,
    /// scheduled around and never thrown; those of the root's own files are.
    /// </summary>
    public async Task<Dewy.Deployment?> CheckAsync(CycleRequest request, CheckSchedule schedule, CancellationToken cancellationToken)
    {
        if (await PutBackAsync(request, cancellationToken) is { } putBack)
        {
            await AnswerAsync(request, putBack, failure: null, reason: null, cancellationToken);
            return putBack;
        }

        schedule.Started();
        Wanted wanted;
        try
        {
            var state = _parts.Root.State.Read();
            wanted = await _lookout.LookAsync(request.Pin is { } pin ? state with { Pin = pin } : state, cancellationToken);
            await NoteCheckAsync(wanted, request.Pin, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            var failure = Fail(exception, "check", _parts.Options.Registry.DisplayName, schedule);
            await AnswerAsync(request, deployment: null, failure, reason: null, cancellationToken);
            return null;
        }

        if (schedule.FailingSince is { } since)
            _parts.Publish(new Recovered(schedule.Failures, _parts.Time.GetUtcNow() - since));
        schedule.Succeeded();
        var (deployment, reason) = await DeployAsync(wanted, request, cancellationToken);
        await AnswerAsync(request, deployment, failure: null, reason, cancellationToken);
        return deployment;
    }

    /// <summary>Tells of a failure and schedules the next check.</summary>
    public DewyException Fail(Exception exception, string phase, string target, CheckSchedule schedule)
    {
        var failure = Failures.Explain(exception, phase, target);
        var delay = schedule.Failed(failure);
        _parts.Publish(new CycleFailed(DeploymentError.From(failure), schedule.Failures, delay));
        return failure;
    }

    /// <summary>The same once, for a command: a failed check is thrown.</summary>
    public async Task<Dewy.Deployment?> CheckOnceAsync(CycleRequest request, CancellationToken cancellationToken) =>
        await PutBackAsync(request, cancellationToken)
        ?? (await DeployAsync(await _lookout.LookAsync(_parts.Root.State.Read(), cancellationToken), request, cancellationToken)).Deployment;

    /// <summary>What a cycle would do now; nothing is changed.</summary>
    public async Task<DeploymentPlan> PlanAsync(CycleRequest request, CancellationToken cancellationToken)
    {
        var observed = Observe(request);
        var upkeep = Planner.PlanUpkeep(observed, _policy);
        var deployment = Planner.PlanPutBack(observed) ?? Planner.PlanDeployment(await _lookout.LookAsync(observed.State, cancellationToken), observed, _policy);
        return new DeploymentPlan
        {
            Reason = deployment.Goal == PlanGoal.Nothing && upkeep.Steps.Count > 0 ? upkeep.Reason : deployment.Reason,
            Steps = [.. upkeep.Steps.Concat(deployment.Steps).Select(step => step.ToPlanStep())],
            Wanted = deployment.Release,
            LiveTag = observed.State.Current?.Tag,
        };
    }

    /// <summary>What is written down, with what this process knows better.</summary>
    public AgentStatus Status(AgentState state)
    {
        var workload = _parts.Workload.Observe();
        var written = RootStatus.Read(_parts.Root);
        return written with
        {
            State = state,
            Name = _parts.Options.Name,
            Mode = _parts.Options.Mode,
            Registry = _parts.Options.Registry.DisplayName,
            AgentProcessId = state == AgentState.Stopped ? null : Environment.ProcessId,
            Held = _held,
            LastCheck = _lastCheck?.At ?? written.LastCheck,
            NewestTag = _lastCheck?.NewestTag ?? written.NewestTag,
            Processes = workload.Processes,
            Replicas = workload.Replicas,
            Proxy = workload.Proxy,
        };
    }

    /// <summary>Adds what operators asked through the state file since the last cycle.</summary>
    public CycleRequest AddOperatorRequests(CycleRequest request)
    {
        var state = _parts.Root.State.Read();
        if ((state.Pin, state.Pause) != _operatorsWord)
        {
            _operatorsWord = (state.Pin, state.Pause);
            request = request with { CheckNow = true };
        }

        foreach (var waiting in state.Requests)
        {
            request = request with
            {
                CheckNow = true,
                Force = request.Force || waiting.Force,
                Restart = request.Restart || waiting.Kind == OperatorRequestKind.Restart,
                Pin = waiting.Pin ?? request.Pin,
                RequestedBy = waiting.By,
                Waiting = [.. request.Waiting, waiting.Id],
            };
        }

        return request;
    }

    /// <summary>Writes down whose root it is, for the status shown by other processes. A full disk must not keep what is live from starting.</summary>
    private async Task IntroduceAsync(CancellationToken cancellationToken)
    {
        var description = new AgentDescription(_parts.Options.Name, _parts.Options.Mode, _parts.Options.Registry.DisplayName);
        try
        {
            await _parts.Root.State.UpdateAsync(state => state.Agent == description ? state : state with { Agent = description }, cancellationToken);
        }
        catch (DewyException exception) when (exception.Code == ErrorCode.DiskFull)
        {
            _parts.Publish(new AttentionNeeded(exception.Message, exception.Target, exception.NextStep));
        }
    }

    /// <summary>Makes a kept release live where an operator wants it, whether or not the registry answers; null where nothing of the kind is to be done.</summary>
    private async Task<Dewy.Deployment?> PutBackAsync(CycleRequest request, CancellationToken cancellationToken)
    {
        if (Planner.PlanPutBack(Observe(request)) is not { Goal: PlanGoal.RollBack } plan)
            return null;
        _held = null;
        _report(AgentState.Deploying);
        return await _executor.DeployAsync(plan, request.RequestedBy, cancellationToken);
    }

    /// <summary>Deploys what is wanted; where nothing is, tells why.</summary>
    private async Task<(Dewy.Deployment? Deployment, string? Reason)> DeployAsync(Wanted wanted, CycleRequest request, CancellationToken cancellationToken)
    {
        var plan = Planner.PlanDeployment(wanted, Observe(request), _policy);
        var tag = plan.Release?.Tag ?? plan.Target?.Tag ?? "";
        _held = plan.Goal == PlanGoal.Hold ? new HeldRelease(tag, plan.Reason, _held is { } before && before.Tag == tag ? before.Since : _parts.Time.GetUtcNow()) : null;
        switch (plan.Goal)
        {
            case PlanGoal.Nothing:
                _parts.Publish(new DeploySkipped(_parts.Root.State.Read().Current?.Tag, plan.Reason));
                return (null, plan.Reason);
            case PlanGoal.Hold:
                _parts.Publish(new ReleaseHeld(tag, plan.Reason));
                return (null, plan.Reason);
            case PlanGoal.Upkeep:
                await _executor.KeepUpAsync(plan, cancellationToken);
                return (null, plan.Reason);
            default:
                _report(AgentState.Deploying);
                return (await _executor.DeployAsync(plan, request.RequestedBy, cancellationToken), null);
        }
    }

    /// <summary>Writes down what the registry has, for people who look from outside: when it changed, else once a minute. A pin that was waiting for that is set now.</summary>
    private async Task NoteCheckAsync(Wanted wanted, ReleasePin? pin, CancellationToken cancellationToken)
    {
        var now = _parts.Time.GetUtcNow();
        var state = _parts.Root.State.Read();
        var newest = wanted.Release is { IsNewest: true } release ? release.Tag : state.NewestTag;
        _lastCheck = new RegistryCheck(now, newest);
        if (pin is not null || newest != state.NewestTag || state.LastCheck is not { } last || now - last > NoteEvery)
            await _parts.Root.State.UpdateAsync(noted => noted with { LastCheck = now, NewestTag = newest, Pin = pin ?? noted.Pin }, cancellationToken);
    }

    private async Task WithdrawAsync(CyclePlan plan, Observed observed, CancellationToken cancellationToken)
    {
        var failing = observed.State.Current;
        _parts.Publish(new RollingBack(failing?.Tag ?? "", plan.Target?.Tag ?? "", plan.Reason));
        _report(AgentState.Deploying);
        var deployment = await _executor.DeployAsync(plan, "watch", cancellationToken);
        if (deployment.Error is { } error && deployment.Result == DeploymentResult.Failed)
            throw new DewyException(error.Code, error.Message) { Phase = error.Phase, Target = error.Target, NextStep = error.NextStep };
    }

    private void UpkeepSucceeded()
    {
        if (_patience.FailingSince is { } since)
            _parts.Publish(new Recovered(_patience.Failures, _parts.Time.GetUtcNow() - since));
        _patience.Reset();
    }

    private void AnnounceRestart(CyclePlan plan, Observed observed)
    {
        if (plan is { NotBefore: { } at, Target: { } live } && _patience.IsNew(at))
            _parts.Publish(new RestartScheduled(live.Tag, observed.Workload.Crashes, at - observed.Now));
    }

    private async Task AnswerAsync(CycleRequest request, Dewy.Deployment? deployment, DewyException? failure, string? reason, CancellationToken cancellationToken)
    {
        if (request.Waiting.Count == 0)
            return;
        var now = _parts.Time.GetUtcNow();
        await _parts.Root.State.UpdateAsync(
            state => request.Waiting.Aggregate(state, (answered, id) => answered.Answer(new RequestAnswer
            {
                RequestId = id,
                At = now,
                DeploymentId = deployment?.Id,
                Reason = reason,
                HeldTag = reason is null ? null : _held?.Tag,
                Error = failure is null ? null : DeploymentError.From(failure),
            })),
            cancellationToken);
    }

    private Observed Observe(CycleRequest request)
    {
        var now = _parts.Time.GetUtcNow();
        var state = _parts.Root.State.Read();
        return new Observed
        {
            State = state,
            CurrentTarget = _parts.Root.Current.Read(),
            Kept = _parts.Kept(state),
            Workload = _parts.Workload.Observe(),
            Now = now,
            LocalNow = _parts.Time.GetLocalNow().DateTime,
            RestartRequested = request.Restart,
            Force = request.Force,
        };
    }

    /// <summary>When the registry answered last, and the newest release it had.</summary>
    private sealed record RegistryCheck(DateTimeOffset At, string? NewestTag);
}
