using System.CommandLine;
using Dewy.Cli.Help;
using Dewy.Cli.Output;

namespace Dewy.Cli.Commands;

/// <summary><c>dewy status</c>: a root and the agent that holds it.</summary>
internal sealed class StatusCommand : ICommand
{
    private readonly CatalogFlags _flags = RootFlags.Create();
    private readonly Option<bool> _json = new("--json");

    public StatusCommand()
    {
        Syntax = new Command("status");
        Syntax.Options.Add(_json);
        _flags.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public HelpPage Help => new("status", "show what is live in a root and what its agent is doing")
    {
        Usage = "dewy status [flags]",
        Sections = [new("Output", [RootFlags.Json]), .. OptionHelp.Sections(_flags.Definitions)],
        Examples = ["dewy status --root /srv/myapp", "dewy status --root /srv/myapp --json | jq .current.tag"],
    };

    public async Task<ExitCode> RunAsync(Invocation invocation, CommandHost host)
    {
        using var session = OneShot.Open(_flags.Read(invocation.Parsed), host);
        var root = session.Root;
        var status = await session.RunAsync((engine, _, _, cancellation) => engine.GetStatusAsync(root, cancellation));
        await host.Output.WriteAsync(invocation.Parsed.GetValue(_json) ? JsonOutput.Of(status) : StatusText.Of(status));
        return ExitCode.Ok;
    }
}
