using Dewy.Cli.Help;

namespace Dewy.Cli.Commands;

/// <summary>The flags of commands that are about a root.</summary>
internal static class RootFlags
{
    public static CatalogFlags Create() => CatalogFlags.Of("root", "name", "log-level", "log-format", "config");

    public static HelpRow Json { get; } = new("    --json", "As JSON.");
}
