namespace Dewy.Engine.Composition.Definitions;

/// <summary>Where options come from. These say how the others are read, and put nothing into the result themselves.</summary>
internal static class ConfigurationDefinitions
{
    public static IReadOnlyList<OptionDefinition> All { get; } =
    [
        Define.Path("config", OptionGroup.Configuration, "file",
            "JSON file with any of these options; its keys are the flags without dashes.",
            (options, _) => options) with { FromFile = false },
    ];
}
