namespace Dewy.Engine.Containers.RunOptions;

/// <summary>What container options are read against.</summary>
internal sealed record RunOptionContext
{
    /// <summary>Absolute path that relative ones start from: the root.</summary>
    public required string BaseDirectory { get; init; }

    /// <summary>The agent's environment, for variables given without a value.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The agent's own secrets a container may have (<c>--pass-env</c>).</summary>
    public IReadOnlyList<string> PassedVariables { get; init; } = [];

    /// <summary>The engine's own socket, besides the usual ones; null where it has none.</summary>
    public string? EngineSocket { get; init; }
}
