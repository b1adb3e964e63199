namespace Dewy.Engine.Composition;

/// <summary>One option: how it is spelled, what it means, and where its value goes.</summary>
public sealed record OptionDefinition
{
    /// <summary>Long flag name without dashes; also the key in a configuration file.</summary>
    public required string Name { get; init; }

    /// <summary>Letter of the short flag; null where there is none.</summary>
    public char? ShortName { get; init; }

    public required OptionKind Kind { get; init; }

    public required OptionGroup Group { get; init; }

    /// <summary>Whether several values make a list.</summary>
    public bool Repeatable { get; init; }

    /// <summary>The modes in which the option means something.</summary>
    public IReadOnlyList<DeploymentMode> Modes { get; init; } = [DeploymentMode.Server, DeploymentMode.Assets, DeploymentMode.Container];

    /// <summary>The default as a person would write it; null where there is none.</summary>
    public string? Default { get; init; }

    /// <summary>What stands for the value in help, such as <c>duration</c>; empty for a switch.</summary>
    public string ValueName { get; init; } = "";

    /// <summary>One line of help.</summary>
    public required string Help { get; init; }

    /// <summary>The words a <see cref="OptionKind.Choice"/> may be.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Whether a text, or one of a list, may be empty.</summary>
    public bool MayBeBlank { get; init; }

    /// <summary>The least value: a number as it is, a duration in seconds, a size in bytes; null where there is no limit.</summary>
    public decimal? Minimum { get; init; }

    /// <summary>The greatest value, as <see cref="Minimum"/>.</summary>
    public decimal? Maximum { get; init; }

    /// <summary>False for what a command line spells in its own way: the mode is a command, the program comes after <c>--</c>.</summary>
    public bool IsFlag { get; init; } = true;

    /// <summary>Whether an environment variable may set it.</summary>
    public bool FromEnvironment { get; init; } = true;

    /// <summary>Whether a configuration file may set it.</summary>
    public bool FromFile { get; init; } = true;

    /// <summary>Name of the environment variable: <c>DEWY_</c> and the flag in capitals.</summary>
    public string EnvironmentName => "DEWY_" + Name.ToUpperInvariant().Replace('-', '_');

    /// <summary>Puts the value into the options. Throws a <see cref="FormatException"/> whose message says what would be right.</summary>
    internal Func<ApplicationOptions, OptionInput, ApplicationOptions> Apply { get; init; } = static (options, _) => options;

    /// <inheritdoc/>
    public override string ToString() => $"--{Name}";
}
