namespace Dewy;

/// <summary>What a hook did.</summary>
public sealed record HookResult
{
    public required HookKind Kind { get; init; }

    /// <summary>The command line, with secrets removed.</summary>
    public required string Command { get; init; }

    /// <summary>Its exit code; null where it was ended by the time limit or could not be started.</summary>
    public int? ExitCode { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>The last 64 KiB of its standard output, secrets removed.</summary>
    public string StandardOutput { get; init; } = "";

    /// <summary>The last 64 KiB of its standard error, secrets removed.</summary>
    public string StandardError { get; init; } = "";

    /// <summary>True where the time limit ended it.</summary>
    public bool TimedOut { get; init; }

    /// <summary>Why it failed, in one sentence; null where it did not.</summary>
    public string? Error { get; init; }

    public bool Succeeded => Error is null;
}
