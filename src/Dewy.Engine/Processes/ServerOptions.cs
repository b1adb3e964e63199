namespace Dewy.Engine.Processes;

/// <summary>The supervised program.</summary>
public sealed record ServerOptions
{
    /// <summary>Program and arguments; started in the root.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Sockets bound once and inherited by every generation; empty for a plain worker.</summary>
    public IReadOnlyList<ListenAddress> Listen { get; init; } = [];

    /// <summary>Whether the built-in proxy holds the ports and replicas of the program listen on loopback ports of their own; default false except on Windows.</summary>
    public bool BehindProxy { get; init; } = OperatingSystem.IsWindows();

    /// <summary>How long a program that does not notify must stay alive to count as started; default 1 s.</summary>
    public TimeSpan StartWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a program that uses <c>NOTIFY_SOCKET</c> may take to say that it is ready; default 90 s.</summary>
    public TimeSpan ReadyTimeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How long the old generation goes on after the new one is ready; default 0.</summary>
    public TimeSpan KillOldDelay { get; init; }

    /// <summary>How long a generation may take to end before it is killed; default 30 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Number of the signal that asks a generation to end; default 15 (TERM).</summary>
    public int StopSignal { get; init; } = 15;

    /// <summary>For a worker without ports: start the new generation before the old one is stopped; default false.</summary>
    public bool Overlap { get; init; }

    /// <summary>Where the program's output is kept; null to pass it on to the agent's output.</summary>
    public string? LogDirectory { get; init; }

    /// <summary>Path asked over HTTP on the first TCP port; null to trust readiness.</summary>
    public string? HealthPath { get; init; }

    /// <summary>How long health may take in all; default 30 s.</summary>
    public TimeSpan HealthTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long after going live a crash rolls the release back; default 60 s.</summary>
    public TimeSpan WatchTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether misbehaving releases are rolled back; default true.</summary>
    public bool Rollback { get; init; } = true;

    /// <summary>Whether the program goes on when the agent ends; default false.</summary>
    public bool LeaveOnExit { get; init; }

    /// <summary>Names of the agent's own secret variables that the program may see.</summary>
    public IReadOnlyList<string> PassEnvironment { get; init; } = [];
}
