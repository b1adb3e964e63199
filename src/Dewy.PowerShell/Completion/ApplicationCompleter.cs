using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Dewy.PowerShell.Session;

namespace Dewy.PowerShell.Completion;

/// <summary>The applications of the configuration file that stands in the command.</summary>
public sealed class ApplicationCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        ArgumentNullException.ThrowIfNull(fakeBoundParameters);
        var typed = (wordToComplete ?? "").Trim('\'', '"');
        return Names(fakeBoundParameters["Config"] as string)
            .Where(name => name.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .Select(name => new CompletionResult(name, name, CompletionResultType.ParameterValue, name));
    }

    /// <summary>Empty where the file cannot be read: completion never fails.</summary>
    private static IReadOnlyList<string> Names(string? config)
    {
        if (string.IsNullOrEmpty(config))
            return [];
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddScript("$ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($args[0])").AddArgument(config);
        try
        {
            return shell.Invoke<string>() is [var path, ..] ? ModuleSession.Current().Engine.GetApplicationNames(new OptionSet().Add("config", path)) : [];
        }
        catch (DewyException)
        {
            return [];
        }
    }
}
