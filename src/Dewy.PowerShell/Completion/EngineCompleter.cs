using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Dewy.PowerShell.Session;

namespace Dewy.PowerShell.Completion;

/// <summary>Completes words that the engine knows about the root at hand.</summary>
public abstract class EngineCompleter : IArgumentCompleter
{
    /// <summary>Longest a person waits for a completion.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        ArgumentNullException.ThrowIfNull(fakeBoundParameters);
        var session = ModuleSession.Current();
        var root = RootOf(fakeBoundParameters);
        var typed = (wordToComplete ?? "").Trim('\'', '"');
        return Suggest(session.Engine, root)
            .Where(suggestion => suggestion.Word.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .DistinctBy(suggestion => suggestion.Word, StringComparer.Ordinal)
            .Select(suggestion => new CompletionResult(Quoted(suggestion.Word), suggestion.Word, CompletionResultType.ParameterValue, suggestion.ToolTip));
    }

    /// <summary>The words, in the order in which they are offered. Empty where the root cannot be read: completion never fails.</summary>
    private protected abstract Task<IReadOnlyList<(string Word, string ToolTip)>> SuggestAsync(IDewyEngine engine, string root, CancellationToken cancellationToken);

    private static string RootOf(IDictionary bound)
    {
        // A completer has no SessionState of its own; this one runs in the session's own scope.
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        if (bound["Root"] is string { Length: > 0 } given)
            shell.AddCommand("Microsoft.PowerShell.Management\\Convert-Path").AddParameter("LiteralPath", given);
        else
            shell.AddScript("$ExecutionContext.SessionState.Path.CurrentFileSystemLocation.ProviderPath");
        return shell.Invoke<string>() is [var path, ..] ? path : "";
    }

    private static string Quoted(string word) => word.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_' or '/')
        ? word
        : $"'{word.Replace("'", "''", StringComparison.Ordinal)}'";

    private IReadOnlyList<(string Word, string ToolTip)> Suggest(IDewyEngine engine, string root)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            // Completion is synchronous; the question is asked off this thread and given up after the limit.
            var asking = Task.Run(() => SuggestAsync(engine, root, limit.Token));
            return asking.Wait(Limit) ? asking.Result : [];
        }
        catch (AggregateException)
        {
            return [];
        }
    }
}
