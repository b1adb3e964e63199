using Dewy.Engine.Composition;

namespace Dewy.Cli.Help;

/// <summary>Help for options of the catalogue, under the headings of their groups.</summary>
internal static class OptionHelp
{
    public static IReadOnlyList<HelpSection> Sections(IEnumerable<OptionDefinition> definitions) =>
    [
        .. definitions
            .GroupBy(definition => definition.Group)
            .OrderBy(group => group.Key)
            .Select(group => new HelpSection(TitleOf(group.Key), [.. group.Select(Row)])),
    ];

    private static HelpRow Row(OptionDefinition definition)
    {
        var letter = definition.ShortName is { } shortName ? $"-{shortName}, " : "    ";
        var value = definition.ValueName.Length == 0 ? "" : $" <{definition.ValueName}>";
        List<string> notes = [];
        if (definition.Repeatable)
            notes.Add("repeatable");
        if (definition.Default is { } text)
            notes.Add($"default: {text}");
        if (definition.FromEnvironment)
            notes.Add(definition.EnvironmentName);
        return new HelpRow($"{letter}--{definition.Name}{value}", $"{definition.Help} [{string.Join(", ", notes)}]");
    }

    private static string TitleOf(OptionGroup group) => group switch
    {
        OptionGroup.Release => "What is deployed, and where to",
        OptionGroup.Schedule => "When",
        OptionGroup.Artifact => "Artifacts",
        OptionGroup.Deployment => "Deployment and hooks",
        OptionGroup.Server => "The program",
        OptionGroup.Health => "Health and rollback",
        OptionGroup.Proxy => "Replicas and proxy",
        OptionGroup.Container => "Containers",
        OptionGroup.Notification => "Notifications",
        OptionGroup.Logging => "Log",
        OptionGroup.Admin => "Admin API and dashboard",
        _ => "Configuration",
    };
}
