using Dewy.Engine.Composition;

namespace Dewy.Engine.Containers.RunOptions;

/// <summary>
/// Takes a command line apart as the Docker CLI does (POSIX with long options): <c>--name value</c>, <c>--name=value</c>,
/// <c>-e value</c>, <c>-evalue</c>, <c>-e=value</c>, switches together as <c>-it</c>. Words that are no options are never
/// quoted: they may be a part of a secret that was not quoted.
/// </summary>
internal sealed class RunOptionReader(IReadOnlyList<string> arguments, OptionProblems problems)
{
    private int _next;

    public IReadOnlyList<RunOptionWord> Read()
    {
        var words = new List<RunOptionWord>();
        while (_next < arguments.Count)
        {
            var argument = arguments[_next++];
            if (argument is "--" or "-" || !argument.StartsWith('-'))
                problems.Add($"word {_next}", argument is "--" ? "there is nothing to give after a second --: the program's arguments are given with --cmd" : "it is no option: the image comes from --registry, its program's arguments from --cmd, and values with spaces need quotes");
            else if (argument.StartsWith("--", StringComparison.Ordinal))
                ReadLong(argument, words);
            else
                ReadShort(argument, words);
        }

        return words;
    }

    private void ReadLong(string argument, List<RunOptionWord> words)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? argument[2..] : argument[2..equals];
        var value = equals < 0 ? null : argument[(equals + 1)..];
        if (RunOptionCatalog.Find(name) is not { } definition)
        {
            problems.Add($"--{name}", $"it is not among the container options Dewy understands ({string.Join(' ', RunOptionCatalog.Accepted.Select(accepted => "--" + accepted))}).{Suggestion.Sentence(name, RunOptionCatalog.Accepted, "--")}");
            if (value is null && _next < arguments.Count && !arguments[_next].StartsWith('-'))
                _next++; // most likely its value
            return;
        }

        Add(words, definition, $"--{name}", value);
    }

    private void ReadShort(string argument, List<RunOptionWord> words)
    {
        for (var at = 1; at < argument.Length; at++)
        {
            var origin = $"-{argument[at]}";
            if (RunOptionCatalog.Find(argument[at]) is not { } definition)
            {
                problems.Add(origin, "it is not among the container options Dewy understands");
                return;
            }

            var rest = argument[(at + 1)..];
            if (!definition.TakesValue && !rest.StartsWith('='))
            {
                Add(words, definition, origin, value: null);
                continue;
            }

            Add(words, definition, origin, rest.Length == 0 ? null : rest.StartsWith('=') ? rest[1..] : rest);
            return;
        }
    }

    private void Add(List<RunOptionWord> words, RunOptionDefinition definition, string origin, string? value)
    {
        if (value is null && definition.TakesValue)
        {
            if (_next == arguments.Count)
            {
                problems.Add(origin, "it needs a value");
                return;
            }

            value = arguments[_next++];
        }

        words.Add(new RunOptionWord(definition, origin, value));
    }
}
