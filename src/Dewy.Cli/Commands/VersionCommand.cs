using System.CommandLine;
using Dewy.Cli.Help;

namespace Dewy.Cli.Commands;

/// <summary><c>dewy version</c>.</summary>
internal sealed class VersionCommand : ICommand
{
    public Command Syntax { get; } = new("version");

    public HelpPage Help => new("version", "show the version of dewy")
    {
        Usage = "dewy version",
    };

    public async Task<ExitCode> RunAsync(Invocation invocation, CommandHost host)
    {
        var (version, commit) = host.CreateEngine().Version;
        await host.Output.WriteLineAsync($"dewy {version} ({commit})");
        return ExitCode.Ok;
    }
}
