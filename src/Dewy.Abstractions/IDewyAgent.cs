namespace Dewy;

/// <summary>The loop that keeps one application at its newest release.</summary>
public interface IDewyAgent : IAsyncDisposable
{
    /// <summary>Name of the application.</summary>
    string Name { get; }

    /// <summary>
    /// Takes the root's lock and runs cycles until <paramref name="stop"/> is cancelled; then stops the application
    /// (or leaves it, as the options say) and lets go of the root. Returns normally when it was stopped.
    /// </summary>
    /// <exception cref="DewyException">The agent cannot start: the root is locked, a port is taken, the command is missing …</exception>
    Task RunAsync(CancellationToken stop);

    /// <summary>What the agent and its application are doing now.</summary>
    AgentStatus GetStatus();

    /// <summary>Begins a cycle now. With <paramref name="force"/> a blocked release is tried again at once.</summary>
    void Wake(bool force);

    /// <summary>Restarts the application gracefully in the next cycle, which begins now.</summary>
    void Restart(string requestedBy, bool notify);
}
