using System.Collections;
using Dewy.PowerShell.Session;

namespace Dewy.PowerShell.Completion;

/// <summary>The applications of the configuration file that stands in the command.</summary>
public sealed class ApplicationCompleter : WordCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Suggestion> Suggest(IDictionary bound)
    {
        if (bound["Config"] is not string { Length: > 0 } config || SessionPath.Resolve(config) is not { Length: > 0 } path)
            return [];
        try
        {
            return [.. ModuleSession.Current().Engine.GetApplicationNames(new OptionSet().Add("config", path)).Select(name => new Suggestion(name, $"{name} of {config}"))];
        }
        catch (DewyException)
        {
            return [];
        }
    }
}
