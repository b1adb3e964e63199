using System.CommandLine;
using Dewy.Cli.Help;

namespace Dewy.Cli.Commands;

/// <summary><c>dewy resume</c>: ends a pause and a pin.</summary>
internal sealed class ResumeCommand : ICommand
{
    private readonly CatalogFlags _flags = RootFlags.Create();

    public ResumeCommand()
    {
        Syntax = new Command("resume");
        _flags.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public HelpPage Help => new("resume", "go on deploying after a pause or a rollback")
    {
        Usage = "dewy resume [flags]",
        Sections = OptionHelp.Sections(_flags.Definitions),
        Examples = ["dewy resume --root /srv/myapp"],
    };

    public async Task<ExitCode> RunAsync(Invocation invocation, CommandHost host)
    {
        using var session = OneShot.OpenRoot(_flags.Read(invocation.Parsed), host);
        var root = session.Root;
        await session.RunAsync((engine, cancellation) => engine.ResumeAsync(root, cancellation));
        await host.Output.WriteLineAsync($"Deploying in {root} goes on with the newest release.");
        return ExitCode.Ok;
    }
}
