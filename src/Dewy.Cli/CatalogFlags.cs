using System.CommandLine;
using System.CommandLine.Parsing;
using Dewy.Engine.Composition;

namespace Dewy.Cli;

/// <summary>Flags of a command made from the option catalogue. Their values stay text: the engine gives them meaning.</summary>
internal sealed class CatalogFlags
{
    private readonly List<(OptionDefinition Definition, Option Flag)> _flags;

    public CatalogFlags(IEnumerable<OptionDefinition> definitions) =>
        _flags = [.. definitions.Select(definition => (definition, FlagOf(definition)))];

    public IEnumerable<OptionDefinition> Definitions => _flags.Select(pair => pair.Definition);

    /// <summary>Some options of the catalogue by name.</summary>
    public static CatalogFlags Of(params IReadOnlyList<string> names) =>
        new(OptionCatalog.All.Where(definition => names.Contains(definition.Name, StringComparer.Ordinal)));

    public void AddTo(Command command)
    {
        foreach (var (_, flag) in _flags)
            command.Options.Add(flag);
    }

    /// <summary>What was given, each option under the name it was typed with.</summary>
    public OptionSet Read(ParseResult parsed)
    {
        var given = new OptionSet();
        foreach (var (definition, flag) in _flags)
        {
            if (parsed.GetResult(flag) is not { Implicit: false } result)
                continue;

            foreach (var value in Values(flag, result))
                given.Add(definition.Name, value, result.IdentifierToken?.Value);
        }

        return given;
    }

    private static IEnumerable<string> Values(Option flag, OptionResult result) =>
        flag is Option<bool> ? [result.GetValueOrDefault<bool>() ? "true" : "false"] : result.Tokens.Select(token => token.Value);

    private static Option FlagOf(OptionDefinition definition)
    {
        string[] aliases = definition.ShortName is { } letter ? [$"-{letter}"] : [];
        var name = $"--{definition.Name}";
        return definition.Kind == OptionKind.Switch
            ? new Option<bool>(name, aliases)
            : new Option<string[]>(name, aliases) { Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };
    }
}
