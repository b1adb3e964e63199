namespace Dewy.Engine.Agent;

/// <summary>Lets others see what an agent does and tell it what to do, while it runs.</summary>
internal interface IAgentAdmin
{
    /// <summary>Begins to answer. Never fails: an agent goes on without it, and that is told as an event.</summary>
    /// <returns>Ends it when disposed of.</returns>
    Task<IAsyncDisposable> OpenAsync(IDewyAgent agent, AgentParts parts, CancellationToken cancellationToken);
}
