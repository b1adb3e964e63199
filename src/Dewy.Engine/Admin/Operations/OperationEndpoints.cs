using Dewy.Engine.Admin.Answers;
using Dewy.Engine.Agent;
using Microsoft.AspNetCore.Http;

namespace Dewy.Engine.Admin.Operations;

/// <summary>The POSTs: token first, then the order, then the agent.</summary>
internal sealed class OperationEndpoints(IAgentOperations agent, TokenGate gate, AdminAnswers answers, TimeProvider time, CancellationToken stopping)
{
    public Task DeployAsync(HttpContext context) => RunAsync<DeployOrder>(context, async (order, cancellation) =>
    {
        var outcome = await agent.DeployAsync(order.Force, order.Name, cancellation);
        await AnswerOutcomeAsync(context, outcome, order, "The agent is at it.");
    });

    public Task RollbackAsync(HttpContext context) => RunAsync<RollbackOrder>(context, async (order, cancellation) =>
    {
        var outcome = await agent.RollbackAsync(order.To, order.UntilNewer, order.Name, cancellation);
        await AnswerOutcomeAsync(context, outcome, order, "The agent is going back.");
    });

    public Task PinAsync(HttpContext context) => RunAsync<PinOrder>(context, async (order, cancellation) =>
    {
        if (string.IsNullOrWhiteSpace(order.Tag))
            throw new AdminProblemException(StatusCodes.Status400BadRequest, nameof(ErrorCode.InvalidOption), "tag is missing: which release?", "Send {\"tag\": \"v1.2.3\"}.");
        var outcome = await agent.PinAsync(order.Tag, order.Name, cancellation);
        await AnswerOutcomeAsync(context, outcome, order, "The agent is at it.");
    });

    public Task PauseAsync(HttpContext context) => RunAsync<Order>(context, async (order, cancellation) =>
    {
        await agent.PauseAsync(order.Name, cancellation);
        await answers.WriteAsync(context, new OperationAnswer("Deploying is paused."));
    });

    public Task ResumeAsync(HttpContext context) => RunAsync<Order>(context, async (_, cancellation) =>
    {
        await agent.ResumeAsync(cancellation);
        await answers.WriteAsync(context, new OperationAnswer("Deploying goes on; a pin is gone as well."));
    });

    public Task DrainAsync(HttpContext context) => RunAsync<DrainOrder>(context, async (order, _) =>
    {
        if (string.IsNullOrWhiteSpace(order.Replica))
            throw new AdminProblemException(StatusCodes.Status400BadRequest, nameof(ErrorCode.InvalidOption), "replica is missing: which one?", "Send {\"replica\": \"<name or id>\"}; GET /api/replicas lists them.");
        var name = agent.Drain(order.Replica);
        await answers.WriteAsync(context, new OperationAnswer($"{name} gets no new requests; another replica takes its place."), StatusCodes.Status202Accepted);
    });

    private async Task RunAsync<T>(HttpContext context, Func<T, CancellationToken, Task> carryOut)
        where T : Order, new()
    {
        gate.Require(context.Request);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        await carryOut(await OrderReader.ReadAsync<T>(context, time, end.Token), end.Token);
    }

    private async Task AnswerOutcomeAsync(HttpContext context, Func<CancellationToken, Task<RequestOutcome>> outcome, Order order, string going)
    {
        using var patience = new CancellationTokenSource(order.Wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping, patience.Token);
        try
        {
            var done = await outcome(either.Token);
            await answers.WriteAsync(context, new OperationAnswer(done.Deployment is { } deployment ? Describe(deployment) : done.Reason ?? "Nothing had to be deployed.", done.Deployment));
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            await answers.WriteAsync(context, new OperationAnswer($"{going} See /api/events and /api/deployments."), StatusCodes.Status202Accepted);
        }
    }

    private static string Describe(Dewy.Deployment deployment) => deployment.Result switch
    {
        DeploymentResult.Succeeded => $"{deployment.Tag} is live.",
        DeploymentResult.RolledBack => $"{deployment.Tag} was rolled back: {deployment.Error?.Message}",
        DeploymentResult.Interrupted => $"{deployment.Tag} was interrupted.",
        _ => $"{deployment.Tag} failed: {deployment.Error?.Message}",
    };
}
