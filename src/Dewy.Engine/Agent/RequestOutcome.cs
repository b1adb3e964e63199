namespace Dewy.Engine.Agent;

/// <summary>What an agent did about a request.</summary>
/// <param name="Deployment">The deployment it led to; null where nothing was deployed.</param>
/// <param name="Reason">Why nothing was, in one sentence.</param>
/// <param name="HeldTag">The release that is held back for that reason; null where none is.</param>
internal sealed record RequestOutcome(Dewy.Deployment? Deployment, string? Reason = null, string? HeldTag = null)
{
    /// <summary>Tells whoever asked why nothing was deployed, as a cycle of their own would.</summary>
    public void Tell(IEngineEventSink events, string? liveTag)
    {
        if (Deployment is null && Reason is not null)
            events.Publish(HeldTag is null ? new DeploySkipped(liveTag, Reason) : new ReleaseHeld(HeldTag, Reason));
    }
}
