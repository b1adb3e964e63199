namespace Dewy.Engine.Processes;

/// <summary>What the operating system's signals ask of an agent.</summary>
public enum AgentSignal
{
    /// <summary><c>HUP</c>: redeploy or restart gracefully.</summary>
    Redeploy,

    /// <summary><c>USR1</c>: the same, with a notification.</summary>
    RedeployAndNotify,

    /// <summary><c>TERM</c>, <c>INT</c> or <c>QUIT</c>: stop.</summary>
    Stop,
}
