namespace Dewy.Engine.Processes;

/// <summary>A started process and its group.</summary>
public interface IChildProcess : IAsyncDisposable
{
    int Id { get; }

    /// <summary>What tells this process from a later one with the same id: boot id and start time on Linux.</summary>
    string Identity { get; }

    /// <summary>Standard output; null where it goes to a file.</summary>
    Stream? StandardOutput { get; }

    /// <summary>Standard error; null where it goes to a file.</summary>
    Stream? StandardError { get; }

    /// <summary>Completes when the process has ended and was reaped. Never faults.</summary>
    Task<ProcessExit> Exited { get; }

    /// <summary>Lets a gated child begin.</summary>
    void Release();

    /// <summary>Sends a signal to the whole process group (or ends the tree, on Windows). Does nothing where it is gone.</summary>
    void Signal(int signal);
}
