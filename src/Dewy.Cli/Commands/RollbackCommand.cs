using System.CommandLine;
using Dewy.Cli.Help;

namespace Dewy.Cli.Commands;

/// <summary><c>dewy rollback</c>: puts an earlier release back.</summary>
internal sealed class RollbackCommand : ICommand
{
    private readonly CatalogFlags _flags = RootFlags.Create();
    private readonly Option<string> _to = new("--to");
    private readonly Option<bool> _untilNewer = new("--until-newer");

    public RollbackCommand()
    {
        Syntax = new Command("rollback");
        Syntax.Options.Add(_to);
        Syntax.Options.Add(_untilNewer);
        _flags.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public HelpPage Help => new("rollback", "put the previous or another kept release back")
    {
        Usage = "dewy rollback [--to <tag|release>] [flags]",
        Text = "The release put back is pinned: it stays, whatever the registry has, until `dewy resume`.",
        Sections =
        [
            new("Rollback",
            [
                new("    --to <tag|release>", "Tag, or name of a directory in <root>/releases. [default: the previous release]"),
                new("    --until-newer", "The pin ends by itself when the registry has a release newer than any seen now."),
            ]),
            .. OptionHelp.Sections(_flags.Definitions),
        ],
        Examples = ["dewy rollback --root /srv/myapp", "dewy rollback --root /srv/myapp --to v1.2.2 --until-newer"],
    };

    public async Task<ExitCode> RunAsync(Invocation invocation, CommandHost host)
    {
        using var session = OneShot.OpenRoot(_flags.Read(invocation.Parsed), host);
        var to = invocation.Parsed.GetValue(_to);
        var untilNewer = invocation.Parsed.GetValue(_untilNewer);
        var done = await session.RunAsync((engine, options, events, cancellation) =>
            engine.RollbackAsync(options, to, untilNewer, host.User, events, cancellation));
        if (done.Result != DeploymentResult.Succeeded)
        {
            await host.Error.WriteLineAsync($"dewy rollback: {done.Tag} could not be put back: {done.Error?.ToString() ?? "it was interrupted."}");
            return ExitCode.DeploymentFailed;
        }

        var before = done.PreviousTag is null ? "" : $" instead of {done.PreviousTag}";
        var until = untilNewer ? "a newer release comes or you say `dewy resume`" : "you say `dewy resume`";
        await host.Output.WriteLineAsync($"{done.Tag} is live{before}. It stays until {until}.");
        return ExitCode.Ok;
    }
}
