using System.CommandLine;
using Dewy.Cli.Agents;
using Dewy.Cli.Help;
using Dewy.Engine.Composition;

namespace Dewy.Cli.Commands;

/// <summary><c>dewy run</c>: an agent for each application of a configuration file.</summary>
internal sealed class RunCommand : ICommand
{
    private readonly CatalogFlags _flags = CatalogFlags.Of("log-level", "log-format", "log-file", "config");
    private readonly Option<string[]> _only = new("--only") { Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };

    public RunCommand()
    {
        Syntax = new Command("run");
        Syntax.Options.Add(_only);
        _flags.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public HelpPage Help => new("run", "run an agent for each application of a configuration file")
    {
        Usage = "dewy run --config <file> [--only <name>]... [flags]",
        Text = "All options are checked before anything starts. Of several applications, one whose agent cannot start or fails is told in the log and tried again, after a second at first and a minute at last, while the others go on. A file that speaks of one application alone is run as dewy server, assets or container would.",
        Sections =
        [
            new("Applications", [new("    --only <name>", "Only this application of the file. [repeatable]")]),
            .. OptionHelp.Sections(_flags.Definitions),
            CommonHelp.SignalsOfSeveral,
            CommonHelp.ExitCodes,
        ],
        Examples = ["dewy run --config /etc/dewy/dewy.json", "dewy run --config dewy.json --only web --only site --log-level debug"],
    };

    public Task<ExitCode> RunAsync(Invocation invocation, CommandHost host)
    {
        var given = _flags.Read(invocation.Parsed);
        if (!given.Contains("config") && !EnvironmentOptions.Read(host.Environment).Contains("config"))
            throw new UsageException("a configuration file is needed: --config <file> or DEWY_CONFIG.");
        var only = invocation.Parsed.GetValue(_only) ?? [];
        var applications = ApplicationOptionsBinder.BindEach(given, only, host.WorkingDirectory, host.Environment);
        return applications is [var one] ? AgentRun.RunAsync(one, host) : SharedRun.RunAsync(applications, host);
    }
}
