using System.CommandLine;
using Dewy.Cli.Help;
using Dewy.Cli.Output;
using Dewy.Engine.Composition.Configuration.Schema;
using Dewy.Engine.Processes;

namespace Dewy.Cli.Commands;

/// <summary><c>dewy check</c>: looks at everything an agent would depend on, and changes nothing.</summary>
internal sealed class CheckCommand : ICommand
{
    private readonly ApplicationFlags _applications = new();
    private readonly Option<bool> _json = new("--json");
    private readonly Option<bool> _schema = new("--schema");

    public CheckCommand()
    {
        Syntax = new Command("check");
        Syntax.Options.Add(_json);
        Syntax.Options.Add(_schema);
        _applications.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public bool TakesRest => true;

    public HelpPage Help => new("check", "look at everything an agent would depend on, without changing anything")
    {
        Usage = "dewy check [flags] [-- <program or container options>]",
        Text = "Takes what dewy server, assets, container and run take. Looks at options, root, registry and release, credentials, cache, program, hooks, shared files, container engine, ports, certificate, notifiers, telemetry and the clock, side by side, each for 15 seconds at most. Nothing is written, sent, pulled or run. An application that runs already keeps its ports and its root: that is no failure.",
        Sections =
        [
            new("What is checked", ApplicationFlags.OwnRows),
            new("Output", [RootFlags.Json, new("    --schema", "Write the JSON Schema of configuration files instead, for editors.")]),
            .. OptionHelp.Sections(_applications.Definitions),
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

        var (given, names) = _applications.Read(invocation, host);
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
}
