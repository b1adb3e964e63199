using System.CommandLine;
using Dewy.Cli.Help;
using Dewy.Cli.Output;
using Dewy.Engine.Composition;
using Dewy.Engine.Composition.Configuration.Schema;
using Dewy.Engine.Processes;

namespace Dewy.Cli.Commands;

/// <summary><c>dewy check</c>: looks at everything an agent would depend on, and changes nothing.</summary>
internal sealed class CheckCommand : ICommand
{
    private readonly CatalogFlags _flags = new(OptionCatalog.All.Where(definition => definition.IsFlag));
    private readonly Option<string> _mode = new("--mode");
    private readonly Option<string[]> _only = new("--only") { Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };
    private readonly Option<bool> _json = new("--json");
    private readonly Option<bool> _schema = new("--schema");

    public CheckCommand()
    {
        Syntax = new Command("check");
        foreach (var option in (Option[])[_mode, _only, _json, _schema])
            Syntax.Options.Add(option);
        _flags.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public bool TakesRest => true;

    public HelpPage Help => new("check", "look at everything an agent would depend on, without changing anything")
    {
        Usage = "dewy check [flags] [-- <program or container options>]",
        Text = "Takes what dewy server, assets, container and run take. Looks at options, root, registry and release, credentials, cache, program, hooks, shared files, container engine, ports, certificate, notifiers, telemetry and the clock, side by side, each for 15 seconds at most. Nothing is written, sent, pulled or run. An application that runs already keeps its ports and its root: that is no failure.",
        Sections =
        [
            new("What is checked",
            [
                new("    --mode <mode>", "server, assets or container. [default: container for img://, server where a program is given, else assets]"),
                new("    --only <name>", "Only this application of the configuration file. [repeatable]"),
            ]),
            new("Output", [RootFlags.Json, new("    --schema", "Write the JSON Schema of configuration files instead, for editors.")]),
            .. OptionHelp.Sections(_flags.Definitions),
            CommonHelp.ChecksExitCodes,
        ],
        Examples =
        [
            "dewy check --config /etc/dewy/dewy.json",
            "dewy check --registry file:///srv/releases/myapp --root /srv/myapp -p 8000 -- ./current/myapp",
            "dewy check --config dewy.json --json | jq '.[] | select(.result == \"failed\")'",
            "dewy check --schema > dewy.schema.json",
        ],
    };

    public async Task<ExitCode> RunAsync(Invocation invocation, CommandHost host)
    {
        if (invocation.Parsed.GetValue(_schema))
        {
            await host.Output.WriteAsync(ConfigurationSchema.Text);
            return ExitCode.Ok;
        }

        var (given, names) = Read(invocation, host);
        using var interrupted = new CancellationTokenSource();
        using var signals = host.WatchSignals(signal =>
        {
            if (signal == AgentSignal.Stop)
                interrupted.Cancel();
        });
        var checks = await host.CreateEngine().CheckAsync(given, names, interrupted.Token);
        await host.Output.WriteAsync(host.Redactor.Redact(invocation.Parsed.GetValue(_json) ? JsonOutput.Of(checks) : CheckTable.Of(checks, host.Symbols)));
        return checks.Select(check => check.ExitCode).FirstOrDefault(code => code != ExitCode.Ok);
    }

    private (OptionSet Given, IReadOnlyList<string> Names) Read(Invocation invocation, CommandHost host)
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
            return false; // the check itself says what is wrong with the file
        }
    }
}
