using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Dewy.PowerShell.Completion;

/// <summary>Completes words of a list: those that begin as what was typed, each once, quoted where they need it.</summary>
public abstract class WordCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        ArgumentNullException.ThrowIfNull(fakeBoundParameters);
        var typed = (wordToComplete ?? "").Trim('\'', '"');
        return Suggest(fakeBoundParameters)
            .Where(suggestion => suggestion.Word.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .DistinctBy(suggestion => suggestion.Word, StringComparer.Ordinal)
            .Select(suggestion => new CompletionResult(Quoted(suggestion.Word), suggestion.Word, CompletionResultType.ParameterValue, suggestion.ToolTip));
    }

    /// <summary>The words, in the order in which they are offered; none in case of trouble: completion never fails.</summary>
    private protected abstract IEnumerable<Suggestion> Suggest(IDictionary bound);

    private static string Quoted(string word) => word.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_' or '/' or ':')
        ? word
        : $"'{word.Replace("'", "''", StringComparison.Ordinal)}'";
}
