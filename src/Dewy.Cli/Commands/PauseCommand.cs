using System.CommandLine;
using Dewy.Cli.Help;

namespace Dewy.Cli.Commands;

/// <summary><c>dewy pause</c>: nothing is deployed until <c>dewy resume</c>.</summary>
internal sealed class PauseCommand : ICommand
{
    private readonly CatalogFlags _flags = RootFlags.Create();

    public PauseCommand()
    {
        Syntax = new Command("pause");
        _flags.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public HelpPage Help => new("pause", "stop deploying in a root for now; what runs goes on")
    {
        Usage = "dewy pause [flags]",
        Sections = OptionHelp.Sections(_flags.Definitions),
        Examples = ["dewy pause --root /srv/myapp"],
    };

    public async Task<ExitCode> RunAsync(Invocation invocation, CommandHost host)
    {
        using var session = OneShot.OpenRoot(_flags.Read(invocation.Parsed), host);
        var root = session.Root;
        await session.RunAsync((engine, cancellation) => engine.PauseAsync(root, host.User, cancellation));
        await host.Output.WriteLineAsync($"Deploying in {root} is paused until you say `dewy resume`.");
        return ExitCode.Ok;
    }
}
