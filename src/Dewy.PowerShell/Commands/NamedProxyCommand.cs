using System.Management.Automation;

namespace Dewy.PowerShell.Commands;

/// <summary>A cmdlet about proxies of this session, by name.</summary>
public abstract class NamedProxyCommand : DewyCommand
{
    /// <summary>Names; wildcards are allowed.</summary>
    private protected abstract IReadOnlyList<string> Names { get; }

    /// <summary>The proxies meant; tells of each name without wildcards that is not there.</summary>
    private protected IReadOnlyList<IDewyProxy> Find()
    {
        var running = Session.Proxies;
        foreach (var name in Names.Where(name => !WildcardPattern.ContainsWildcardCharacters(name) && !running.Any(proxy => Matches(name, proxy))))
        {
            EmitError(ErrorRecords.From(new DewyException(ErrorCode.AgentNotFound, $"No proxy with the name {name} runs in this session.")
            {
                Target = name,
                NextStep = "See what there is with Get-DewyProxy.",
            }));
        }

        return [.. running.Where(proxy => Names.Count == 0 || Names.Any(name => Matches(name, proxy)))];
    }

    private static bool Matches(string pattern, IDewyProxy proxy) => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(proxy.Name);
}
