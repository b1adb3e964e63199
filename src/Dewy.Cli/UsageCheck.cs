using System.CommandLine.Parsing;
using Dewy.Engine.Composition;

namespace Dewy.Cli;

/// <summary>Says what is wrong with a command line in words a person can act on.</summary>
internal static class UsageCheck
{
    /// <exception cref="UsageException">Something in it is not understood.</exception>
    public static void Require(RootSyntax program, ICommand? command, Invocation invocation)
    {
        var strangers = invocation.Parsed.UnmatchedTokens;
        if (strangers.FirstOrDefault(IsFlag) is { } flag)
            throw new UsageException(UnknownFlag(command, flag));
        if (strangers is [var word, ..])
            throw new UsageException(UnknownWord(program, command, word));
        if (command is null)
            return; // no command at all: the help says it better
        if (invocation.Parsed.Errors is [var error, ..])
            throw new UsageException(Describe(error));
        if (invocation.Program is not null && !command.TakesRest)
            throw new UsageException("only dewy server (a program), dewy container (options of docker run) and dewy check take something after --.");
    }

    private static bool IsFlag(string token) => token.Length > 1 && token[0] == '-';

    private static string UnknownFlag(ICommand? command, string token)
    {
        var flag = token.Split('=', 2)[0];
        if (command is null)
            return $"{flag} needs a command before it, such as dewy server {flag}.";

        return OptionCatalog.TryGet(flag.TrimStart('-'), out var known) && known.IsFlag
            ? $"{flag} means nothing with this command."
            : $"there is no flag {flag}.{Suggestion.Sentence(flag, command.FlagNames.Select(name => name.TrimStart('-')), "--")}";
    }

    private static string UnknownWord(RootSyntax program, ICommand? command, string word)
    {
        if (command is null)
            return $"there is no command '{word}'.{Suggestion.Sentence(word, program.Commands.Select(known => known.Syntax.Name))}";

        return command is Commands.AgentCommand agent
            ? agent.Mode switch
            {
                DeploymentMode.Server => $"'{word}' is no flag; the program and its arguments come after --.",
                DeploymentMode.Container => $"'{word}' is no flag; options of docker run come after --.",
                _ => $"'{word}' is one argument too many.",
            }
            : $"'{word}' is one argument too many.";
    }

    private static string Describe(ParseError error) => error.SymbolResult switch
    {
        OptionResult { Tokens.Count: 0 } option => $"{option.IdentifierToken?.Value ?? option.Option.Name} needs a value.",
        OptionResult option => $"{option.IdentifierToken?.Value ?? option.Option.Name}: '{option.Tokens[^1].Value}' is not a value for it.",
        _ => error.Message,
    };
}
