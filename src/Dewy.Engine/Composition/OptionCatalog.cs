using System.Diagnostics.CodeAnalysis;
using Dewy.Engine.Composition.Definitions;

namespace Dewy.Engine.Composition;

/// <summary>Every option there is. Flags, environment variables, file keys and cmdlet parameters are made from this one table.</summary>
public static class OptionCatalog
{
    /// <summary>All options, in the order in which they are shown and applied.</summary>
    public static IReadOnlyList<OptionDefinition> All { get; } =
    [
        .. ReleaseDefinitions.All,
        .. ScheduleDefinitions.All,
        .. ArtifactDefinitions.All,
        .. DeploymentDefinitions.All,
        .. HealthDefinitions.All,
        .. ServerDefinitions.All,
        .. ProxyDefinitions.All,
        .. ContainerDefinitions.All,
        .. NotificationDefinitions.All,
        .. LoggingDefinitions.All,
        .. TelemetryDefinitions.All,
        .. AdminDefinitions.All,
        .. ConfigurationDefinitions.All,
    ];

    private static readonly Dictionary<string, OptionDefinition> ByName = All.ToDictionary(definition => definition.Name, StringComparer.Ordinal);

    /// <summary>The definition of a long flag name; false where there is none.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out OptionDefinition? definition) => ByName.TryGetValue(name, out definition);

    /// <summary>The flags that mean something in a mode.</summary>
    public static IEnumerable<OptionDefinition> FlagsOf(DeploymentMode mode) =>
        All.Where(definition => definition.IsFlag && definition.Modes.Contains(mode));
}
