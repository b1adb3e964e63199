using System.CommandLine;
using Dewy.Cli.Help;

namespace Dewy.Cli;

/// <summary>All commands under <c>dewy</c>, and the flags that belong to each of them.</summary>
internal sealed class RootSyntax
{
    private readonly Command _root = new("dewy");
    private readonly Option<bool> _help = new("--help", "-h", "-?") { Recursive = true, Arity = ArgumentArity.Zero };
    private readonly Option<bool> _version = new("--version", "-v") { Recursive = true, Arity = ArgumentArity.Zero };

    public RootSyntax(IReadOnlyList<ICommand> commands)
    {
        Commands = commands;
        _root.Options.Add(_help);
        _root.Options.Add(_version);
        foreach (var command in commands)
            _root.Subcommands.Add(command.Syntax);
    }

    public IReadOnlyList<ICommand> Commands { get; }

    public HelpPage Help => RootHelp.Of(Commands);

    /// <summary>Takes a command line apart. What follows the first <c>--</c> is the program's and none of ours.</summary>
    public Invocation Parse(IReadOnlyList<string> arguments)
    {
        var dashes = arguments.TakeWhile(argument => argument is not "--").Count();
        var program = dashes < arguments.Count ? arguments.Skip(dashes + 1).ToArray() : null;

        // No response files: a value may begin with @.
        var parsed = _root.Parse([.. arguments.Take(dashes)], new ParserConfiguration { ResponseFileTokenReplacer = null });
        return new Invocation(parsed, program);
    }

    /// <summary>The command meant; null where none is named.</summary>
    public ICommand? CommandOf(Invocation invocation) =>
        Commands.SelectMany(command => command.Subcommands.Prepend(command)).FirstOrDefault(command => command.Syntax == invocation.Parsed.CommandResult.Command);

    /// <summary>A command as it is typed.</summary>
    public string NameOf(ICommand command) =>
        Commands.FirstOrDefault(parent => parent.Subcommands.Contains(command)) is { } parent ? $"dewy {parent.Syntax.Name} {command.Syntax.Name}" : $"dewy {command.Syntax.Name}";

    public bool AsksForHelp(Invocation invocation) => invocation.Parsed.GetResult(_help) is { Implicit: false };

    public bool AsksForVersion(Invocation invocation) => invocation.Parsed.GetResult(_version) is { Implicit: false };
}
