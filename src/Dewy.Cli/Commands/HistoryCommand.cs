using System.CommandLine;
using Dewy.Cli.Help;
using Dewy.Cli.Output;

namespace Dewy.Cli.Commands;

/// <summary><c>dewy history</c>: the deployments of a root.</summary>
internal sealed class HistoryCommand : ICommand
{
    private const int DefaultLimit = 20;

    private readonly CatalogFlags _flags = RootFlags.Create();
    private readonly Option<string> _limit = new("--limit");
    private readonly Option<bool> _json = new("--json");

    public HistoryCommand()
    {
        Syntax = new Command("history");
        Syntax.Options.Add(_limit);
        Syntax.Options.Add(_json);
        _flags.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public HelpPage Help => new("history", "show the deployments of a root, newest first")
    {
        Usage = "dewy history [flags]",
        Sections =
        [
            new("Output", [new("    --limit <number>", $"How many are shown. [default: {DefaultLimit}]"), RootFlags.Json]),
            .. OptionHelp.Sections(_flags.Definitions),
        ],
        Examples = ["dewy history --root /srv/myapp", "dewy history --root /srv/myapp --limit 100 --json"],
    };

    public async Task<ExitCode> RunAsync(Invocation invocation, CommandHost host)
    {
        var limit = Limit(invocation.Parsed.GetValue(_limit));
        using var session = OneShot.OpenRoot(_flags.Read(invocation.Parsed), host);
        var root = session.Root;
        var history = await session.RunAsync((engine, _, _, cancellation) => engine.GetDeploymentsAsync(root, limit, cancellation));
        await host.Output.WriteAsync(invocation.Parsed.GetValue(_json) ? JsonOutput.Of(history) : HistoryTable.Of(history));
        return ExitCode.Ok;
    }

    private static int Limit(string? text) => text switch
    {
        null => DefaultLimit,
        _ when int.TryParse(text, out var number) && number > 0 => number,
        _ => throw new UsageException($"--limit: '{text}' is not a whole number above 0."),
    };
}
