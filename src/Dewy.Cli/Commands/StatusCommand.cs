using System.CommandLine;
using Dewy.Cli.Help;
using Dewy.Cli.Output;

namespace Dewy.Cli.Commands;

/// <summary><c>dewy status</c>: a root and the agent that holds it, or those of every application in a configuration file.</summary>
internal sealed class StatusCommand : ICommand
{
    /// <summary>How often a watched status is asked for.</summary>
    public static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(2);

    private const string ClearScreen = "\e[H\e[2J\e[3J";

    private readonly CatalogFlags _flags = RootFlags.Create();
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
        Text = "With a configuration file of several applications, and neither --name nor --root, it shows all of them; as JSON that is a list.",
        Sections = [new("Output", [RootFlags.Json, new("-w, --watch", "Show it again every two seconds until interrupted; as JSON, one line each.")]), .. OptionHelp.Sections(_flags.Definitions)],
        Examples = ["dewy status --root /srv/myapp", "dewy status --root /srv/myapp --json | jq .current.tag", "dewy status --root /srv/myapp --watch", "dewy status --config /etc/dewy/dewy.json"],
    };

    public async Task<ExitCode> RunAsync(Invocation invocation, CommandHost host)
    {
        using var session = OneShot.OpenRoot(_flags.Read(invocation.Parsed), host);
        var (roots, areSeveral) = session.Roots;
        var json = invocation.Parsed.GetValue(_json);
        if (invocation.Parsed.GetValue(_watch))
        {
            await session.RunAsync((engine, cancellation) => WatchAsync(engine, roots, status => json ? LineOf(status, areSeveral) : Page(status, host), host, cancellation));
            return ExitCode.Ok;
        }

        var statuses = await session.RunAsync((engine, _, _, cancellation) => ReadAsync(engine, roots, cancellation));
        await host.Output.WriteAsync(!json ? string.Join(Environment.NewLine, statuses.Select(StatusText.Of)) : areSeveral ? JsonOutput.Of(statuses) : JsonOutput.Of(statuses[0]));
        return ExitCode.Ok;
    }

    private static async Task<IReadOnlyList<AgentStatus>> ReadAsync(IDewyEngine engine, IReadOnlyList<string> roots, CancellationToken cancellationToken) =>
        await Task.WhenAll(roots.Select(root => engine.GetStatusAsync(root, cancellationToken)));

    /// <summary>A person who has seen enough interrupts it: that is how it ends, and no failure.</summary>
    private static async Task WatchAsync(IDewyEngine engine, IReadOnlyList<string> roots, Func<IReadOnlyList<AgentStatus>, string> show, CommandHost host, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await host.Output.WriteAsync(show(await ReadAsync(engine, roots, cancellationToken)));
                await host.Output.FlushAsync(cancellationToken);
                await Task.Delay(WatchInterval, host.Time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private static string LineOf(IReadOnlyList<AgentStatus> statuses, bool areSeveral) => areSeveral ? JsonOutput.LineOf(statuses) : JsonOutput.LineOf(statuses[0]);

    private static string Page(IReadOnlyList<AgentStatus> statuses, CommandHost host)
    {
        var page = string.Join(Environment.NewLine, statuses.Select(PartOf));
        return host.Redraws
            ? $"{ClearScreen}{page}{Environment.NewLine}Ctrl+C ends this."
            : $"{TextTable.Time(host.Time.GetUtcNow())}{Environment.NewLine}{page}{Environment.NewLine}";
    }

    private static string PartOf(AgentStatus status) =>
        StatusText.Of(status with { Replicas = [] }) + (status.Replicas.Count > 0 ? Environment.NewLine + ReplicaTable.Of(status.Replicas) : "");
}
