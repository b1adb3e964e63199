using System.CommandLine;
using Dewy.Cli.Help;
using Dewy.Cli.Output;

namespace Dewy.Cli.Commands;

/// <summary><c>dewy status</c>: a root and the agent that holds it.</summary>
internal sealed class StatusCommand : ICommand
{
    private readonly CatalogFlags _flags = RootFlags.Create();
    /// <summary>How often a watched status is asked for.</summary>
    public static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(2);

    private const string ClearScreen = "\e[H\e[2J\e[3J";

    private readonly Option<bool> _json = new("--json");
    private readonly Option<bool> _watch = new("--watch", "-w");

    public StatusCommand()
    {
        Syntax = new Command("status");
        Syntax.Options.Add(_json);
        Syntax.Options.Add(_watch);
        _flags.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public HelpPage Help => new("status", "show what is live in a root and what its agent is doing")
    {
        Usage = "dewy status [flags]",
        Sections = [new("Output", [RootFlags.Json, new("-w, --watch", "Show it again every two seconds until interrupted; as JSON, one line each.")]), .. OptionHelp.Sections(_flags.Definitions)],
        Examples = ["dewy status --root /srv/myapp", "dewy status --root /srv/myapp --json | jq .current.tag", "dewy status --root /srv/myapp --watch"],
    };

    public async Task<ExitCode> RunAsync(Invocation invocation, CommandHost host)
    {
        using var session = OneShot.Open(_flags.Read(invocation.Parsed), host);
        var root = session.Root;
        var json = invocation.Parsed.GetValue(_json);
        if (invocation.Parsed.GetValue(_watch))
        {
            await session.RunAsync((engine, cancellation) => WatchAsync(engine, root, json, host, cancellation));
            return ExitCode.Ok;
        }

        var status = await session.RunAsync((engine, _, _, cancellation) => engine.GetStatusAsync(root, cancellation));
        await host.Output.WriteAsync(json ? JsonOutput.Of(status) : StatusText.Of(status));
        return ExitCode.Ok;
    }

    /// <summary>A person who has seen enough interrupts it: that is how it ends, and no failure.</summary>
    private static async Task WatchAsync(IDewyEngine engine, string root, bool json, CommandHost host, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var status = await engine.GetStatusAsync(root, cancellationToken);
                await host.Output.WriteAsync(json ? JsonOutput.LineOf(status) : Page(status, host));
                await host.Output.FlushAsync(cancellationToken);
                await Task.Delay(WatchInterval, host.Time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private static string Page(AgentStatus status, CommandHost host)
    {
        var table = status.Replicas.Count > 0 ? Environment.NewLine + ReplicaTable.Of(status.Replicas) : "";
        var page = StatusText.Of(status with { Replicas = [] }) + table;
        return host.Redraws
            ? $"{ClearScreen}{page}{Environment.NewLine}Ctrl+C ends this."
            : $"{TextTable.Time(host.Time.GetUtcNow())}{Environment.NewLine}{page}{Environment.NewLine}";
    }
}
