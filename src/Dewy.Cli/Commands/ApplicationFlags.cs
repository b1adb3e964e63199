using System.CommandLine;
using Dewy.Cli.Help;
using Dewy.Engine.Composition;

namespace Dewy.Cli.Commands;

/// <summary>Flags of commands that take what any agent takes: one application described here, or those of a configuration file.</summary>
internal sealed class ApplicationFlags
{
    private readonly CatalogFlags _flags = new(OptionCatalog.All.Where(definition => definition.IsFlag));
    private readonly Option<string> _mode = new("--mode");
    private readonly Option<string[]> _only = new("--only") { Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };

    /// <summary>Help of the flags that are none of the catalogue.</summary>
    public static IReadOnlyList<HelpRow> OwnRows { get; } =
    [
        new("    --mode <mode>", "server, assets or container. [default: container for img://, server where a program is given, else assets]"),
        new("    --only <name>", "Only this application of the configuration file. [repeatable]"),
    ];

    public IEnumerable<OptionDefinition> Definitions => _flags.Definitions;

    public void AddTo(Command command)
    {
        command.Options.Add(_mode);
        command.Options.Add(_only);
        _flags.AddTo(command);
    }

    /// <summary>What was given, and the applications of a configuration file that are meant; none for all there are.</summary>
    public (OptionSet Given, IReadOnlyList<string> Names) Read(Invocation invocation, CommandHost host)
    {
        var given = new OptionSet { BaseDirectory = host.WorkingDirectory }.FillFrom(_flags.Read(invocation.Parsed));
        if (invocation.Parsed.GetValue(_mode) is { } mode)
            given.Add("mode", mode);
        var names = invocation.Parsed.GetValue(_only) ?? [];
        if (given.Values("name") is [.., var name] && NamesApplication(given, host))
            names = [.. names, name];
        if (invocation.Program is { Count: > 0 } rest)
            AddRest(given, rest, host);
        return (given, names);
    }

    /// <summary>What comes after the dashes is the program's, except where containers are meant.</summary>
    private static void AddRest(OptionSet given, IReadOnlyList<string> rest, CommandHost host)
    {
        var known = OptionSources.Complete(given, host.WorkingDirectory, host.Environment, "mode", "registry");
        var areContainers = known.Values("mode") is [.., var mode] ? mode is "container" : known.Values("registry") is [.., var registry] && registry.StartsWith("img://", StringComparison.OrdinalIgnoreCase);
        foreach (var word in rest)
            given.Add(areContainers ? "run-options" : "command", word, "--");
    }

    private static bool NamesApplication(OptionSet given, CommandHost host)
    {
        try
        {
            return OptionSources.FindApplications(given, host.WorkingDirectory, host.Environment) is not null;
        }
        catch (DewyException)
        {
            return false; // whoever uses the file says what is wrong with it
        }
    }
}
