namespace Dewy;

/// <summary>What an agent is doing.</summary>
public enum AgentState
{
    /// <summary>No agent holds the root.</summary>
    Stopped,

    /// <summary>Waiting for its next cycle.</summary>
    Idle,

    /// <summary>In a cycle that changes nothing so far.</summary>
    Checking,

    /// <summary>Making a release live.</summary>
    Deploying,

    /// <summary>Told to stop and finishing.</summary>
    Stopping,
}
