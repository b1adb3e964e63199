namespace Dewy.Engine.Admin;

/// <summary>Where the agent's admin API listens.</summary>
public sealed record AdminOptions
{
    /// <summary>The port asked for first where none is given; the one the Go program uses.</summary>
    public const int DefaultPort = 17539;

    /// <summary>Loopback port that is tried first; the next nine are tried after it. Zero for no TCP at all.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Absolute path of a Unix-domain socket in place of a port; null for a port.</summary>
    public string? SocketPath { get; init; }

    /// <summary>Whether there is no admin API.</summary>
    public bool IsOff => Port == 0 && SocketPath is null;
}
