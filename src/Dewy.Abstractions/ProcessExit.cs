namespace Dewy;

/// <summary>How a process ended.</summary>
public sealed record ProcessExit
{
    /// <summary>Exit code; null where a signal ended it or nobody can know.</summary>
    public int? Code { get; init; }

    /// <summary>Number of the signal that ended it; null where it exited.</summary>
    public int? Signal { get; init; }

    /// <summary>True where Dewy had told it to end.</summary>
    public bool Expected { get; init; }

    /// <summary>The last lines it wrote, secrets removed; at most 4 KiB.</summary>
    public string LastOutput { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() =>
        Signal is { } signal ? $"ended by signal {signal}" : Code is { } code ? $"exited with code {code}" : "ended";
}
