using System.CommandLine;

namespace Dewy.Cli;

/// <summary>One command of <c>dewy</c>: its syntax, its help and its doing.</summary>
internal interface ICommand
{
    /// <summary>Name, flags and arguments.</summary>
    Command Syntax { get; }

    /// <summary>What <c>--help</c> shows.</summary>
    Help.HelpPage Help { get; }

    /// <summary>Commands below this one.</summary>
    IReadOnlyList<ICommand> Subcommands => [];

    /// <summary>Whether something may come after <c>--</c>.</summary>
    bool TakesRest => false;

    /// <summary>Flags that may be suggested for a mistyped one.</summary>
    IEnumerable<string> FlagNames => Syntax.Options.Select(option => option.Name);

    /// <summary>Does it.</summary>
    /// <param name="invocation">What was typed.</param>
    /// <param name="host">The world outside.</param>
    /// <exception cref="DewyException">It failed.</exception>
    Task<ExitCode> RunAsync(Invocation invocation, CommandHost host);
}
