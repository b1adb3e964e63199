using Dewy.Cli.Commands;

namespace Dewy.Cli;

/// <summary>The <c>dewy</c> command: finds out what was asked for, does it, and turns failures into one line and an exit code.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line.</summary>
    public static async Task<ExitCode> RunAsync(IReadOnlyList<string> arguments, CommandHost host)
    {
        var program = new RootSyntax(
        [
            new AgentCommand(DeploymentMode.Server),
            new AgentCommand(DeploymentMode.Assets),
            new AgentCommand(DeploymentMode.Container),
            new RunCommand(),
            new CheckCommand(),
            new DeployCommand(),
            new ReleasesCommand(),
            new StatusCommand(),
            new HistoryCommand(),
            new RollbackCommand(),
            new PinCommand(),
            new PauseCommand(),
            new ResumeCommand(),
            new VersionCommand(),
        ]);

        var invocation = program.Parse(arguments);
        var command = program.CommandOf(invocation);
        var caller = command is null ? "dewy" : program.NameOf(command);
        try
        {
            if (program.AsksForHelp(invocation))
            {
                await host.Output.WriteAsync((command?.Help ?? program.Help).Render());
                return ExitCode.Ok;
            }

            if (program.AsksForVersion(invocation))
                return await new VersionCommand().RunAsync(invocation, host);

            UsageCheck.Require(program, command, invocation);
            if (command is not null)
                return await command.RunAsync(invocation, host);

            await host.Error.WriteAsync(program.Help.Render());
            return ExitCode.Usage;
        }
        catch (UsageException exception)
        {
            await host.Error.WriteLineAsync($"{caller}: {exception.Message} See '{caller} --help'.");
            return ExitCode.Usage;
        }
        catch (DewyException exception)
        {
            await host.Error.WriteLineAsync(FailureLine.Of(caller, exception, host.Redactor));
            return exception.ExitCode;
        }
        catch (OperationCanceledException)
        {
            await host.Error.WriteLineAsync($"{caller}: interrupted.");
            return ExitCode.Failed;
        }
        catch (Exception exception) // the root of the command's task
        {
            await host.Error.WriteLineAsync(FailureLine.Of(caller, exception, host.Redactor));
            return ExitCode.Failed;
        }
    }
}
