using System.Runtime.InteropServices;

namespace Dewy.Engine.Processes;

/// <summary>A program to start.</summary>
public sealed record ProcessStart
{
    /// <summary>Program: an absolute path, a path relative to <see cref="WorkingDirectory"/>, or a name looked up on <c>PATH</c>.</summary>
    public required string Program { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Absolute path.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>The whole environment of the child; nothing is added but what inherited sockets need.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Listening sockets that appear in the child as descriptors 3, 4, 5 …, in this order. Unix only.</summary>
    public IReadOnlyList<SafeHandle> Sockets { get; init; } = [];

    /// <summary>Whether <c>LISTEN_PID</c> is set to the child's own process id, as socket activation demands.</summary>
    public bool SetListenPid { get; init; }

    /// <summary>
    /// The most bytes of <see cref="StandardInput"/>: as much as an empty pipe takes on every system, so that a child that
    /// never reads holds up nobody.
    /// </summary>
    public const int LargestStandardInput = 4096;

    /// <summary>What the child reads from its standard input, which then ends; empty for none. Not together with <see cref="Gated"/> or <see cref="SetListenPid"/>.</summary>
    public ReadOnlyMemory<byte> StandardInput { get; init; }

    /// <summary>File both output streams are appended to; null to have them as <see cref="IChildProcess.StandardOutput"/> and <see cref="IChildProcess.StandardError"/>.</summary>
    public string? OutputFile { get; init; }

    /// <summary>
    /// Whether the child waits, before the program begins, until <see cref="IChildProcess.Release"/> is called, and ends
    /// where the agent dies first: so that a process id can be written down before anything runs under it. Unix only.
    /// </summary>
    public bool Gated { get; init; }
}
