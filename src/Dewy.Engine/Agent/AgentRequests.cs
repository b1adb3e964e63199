using Dewy.Engine.Deployment;

namespace Dewy.Engine.Agent;

/// <summary>Asks the agent that holds a root, in whatever process, to do something, through the state file, and waits for its answer.</summary>
internal sealed class AgentRequests(DeploymentRoot root, TimeProvider time)
{
    /// <summary>How often is looked whether the agent is still there.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <param name="request">What is asked; <see cref="NewRequest"/> makes one.</param>
    /// <param name="change">Written together with the request: the pin of a kept release, say.</param>
    /// <param name="limit">Longest wait.</param>
    /// <param name="cancellationToken">Stops waiting; the agent goes on.</param>
    /// <exception cref="DewyException">The agent failed before there was a deployment, ended, or did not answer.</exception>
    public async Task<RequestOutcome> DeployAsync(OperatorRequest request, Func<RootState, RootState> change, TimeSpan limit, CancellationToken cancellationToken) =>
        await AnswerAsync(await AskAsync(request, change, cancellationToken), limit, cancellationToken);

    /// <summary>A request to deploy.</summary>
    /// <param name="force">Try a blocked release again, and do not wait for windows or ages.</param>
    /// <param name="requestedBy">Goes into the history.</param>
    public OperatorRequest NewRequest(bool force, string requestedBy) => new()
    {
        Id = Guid.NewGuid().ToString("N"),
        Kind = OperatorRequestKind.Deploy,
        Force = force,
        At = time.GetUtcNow(),
        By = requestedBy,
    };

    /// <summary>Leaves the request for the agent. It is carried out whether or not somebody waits for the answer.</summary>
    /// <returns>The request's id.</returns>
    /// <inheritdoc cref="DeployAsync"/>
    public async Task<string> AskAsync(OperatorRequest request, Func<RootState, RootState> change, CancellationToken cancellationToken)
    {
        await root.State.UpdateAsync(state => change(state).Ask(request), cancellationToken);
        return request.Id;
    }

    /// <summary>Waits for what became of a request.</summary>
    /// <inheritdoc cref="DeployAsync"/>
    public async Task<RequestOutcome> AnswerAsync(string id, TimeSpan limit, CancellationToken cancellationToken)
    {
        var answer = await WaitAsync(id, limit, cancellationToken);
        if (answer.Error is { } error)
            throw new DewyException(error.Code, error.Message) { Phase = error.Phase, Target = error.Target, NextStep = error.NextStep };
        var deployment = answer.DeploymentId is { } deploymentId ? root.History.Read(100).FirstOrDefault(deployment => deployment.Id == deploymentId) : null;
        return new RequestOutcome(deployment, answer.Reason, answer.HeldTag);
    }

    private async Task<RequestAnswer> WaitAsync(string id, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        using var watch = new StateWatch(root.Layout, root.State, time);
        while (true)
        {
            var state = root.State.Read();
            if (state.Answers.FirstOrDefault(answer => answer.RequestId == id) is { } answer)
                return answer;
            if (RootLock.TryReadHolder(root.Layout) is not { IsAgent: true })
            {
                throw new DewyException(ErrorCode.AgentNotFound, "The agent ended before it answered.")
                {
                    Target = root.Layout.Root,
                    NextStep = "Start the agent again; it finds the request and carries it out.",
                };
            }

            try
            {
                using var look = CancellationTokenSource.CreateLinkedTokenSource(either.Token);
                await Task.WhenAny(watch.WaitForChangeAsync(state.Revision, look.Token), Task.Delay(LookEvery, time, look.Token));
                await look.CancelAsync();
                either.Token.ThrowIfCancellationRequested();
            }
            catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
            {
                throw new DewyException(ErrorCode.Timeout, $"The agent did not answer within {limit.TotalSeconds:0} s.", exception)
                {
                    Target = root.Layout.Root,
                    NextStep = "Look at the agent's log.",
                };
            }
        }
    }
}
