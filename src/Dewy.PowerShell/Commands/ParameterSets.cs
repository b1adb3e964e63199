namespace Dewy.PowerShell.Commands;

/// <summary>
/// Parameter sets of the cmdlets that deploy in any mode: which parameters go together. A test holds them against the
/// modes of the engine's options.
/// </summary>
internal static class ParameterSets
{
    /// <summary>What needs no program or container of its own; the mode is given or found out.</summary>
    public const string Any = "Any";

    /// <summary>With what only a program knows.</summary>
    public const string Server = "Server";

    /// <summary>With what only containers know.</summary>
    public const string Container = "Container";

    /// <summary>Everything is in a file.</summary>
    public const string Configuration = "Configuration";
}
