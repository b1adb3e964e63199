using System.CommandLine;
using Dewy.Cli.Help;
using Dewy.Cli.Output;

namespace Dewy.Cli.Commands;

/// <summary><c>dewy container list</c>: the containers of an application.</summary>
internal sealed class ContainerListCommand : ICommand
{
    private readonly CatalogFlags _flags = RootFlags.Create();
    private readonly Option<string> _output = new("--output", "-o");

    public ContainerListCommand()
    {
        Syntax = new Command("list");
        Syntax.Options.Add(_output);
        _flags.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public HelpPage Help => new("container list", "list the containers of an application")
    {
        Usage = "dewy container list [flags]",
        Text = "Asks the agent that holds the root, through its admin API; where none runs, what is known without one.",
        Sections =
        [
            new("Output", [new("-o, --output <table|json>", "How they are shown. [default: table]")]),
            .. OptionHelp.Sections(_flags.Definitions),
        ],
        Examples = ["dewy container list --root /srv/myapp", "dewy container list --root /srv/myapp -o json | jq -r '.[].name'"],
    };

    public async Task<ExitCode> RunAsync(Invocation invocation, CommandHost host)
    {
        var json = OutputFormat.IsJson(invocation.Parsed.GetValue(_output), "--output");
        using var session = OneShot.OpenRoot(_flags.Read(invocation.Parsed), host);
        var root = session.Root;
        var (status, replicas) = await session.RunAsync(async (engine, _, _, cancellation) =>
            (await engine.GetStatusAsync(root, cancellation), await engine.GetReplicasAsync(root, cancellation)));
        var containers = replicas.Where(replica => replica.Image is not null).ToList();
        if (status.AgentProcessId is null)
            await host.Error.WriteLineAsync($"No agent runs for {root}{(containers.Count == 0 ? ", and no containers of it are known" : "; this is what it left")}.");
        else if (containers.Count == 0 && status.Mode is { } mode and not DeploymentMode.Container)
            await host.Error.WriteLineAsync($"The agent of {root} runs in {mode.ToString().ToLowerInvariant()} mode: there are no containers.");
        await host.Output.WriteAsync(json ? JsonOutput.Of(containers) : ReplicaTable.OfContainers(containers));
        return ExitCode.Ok;
    }
}
