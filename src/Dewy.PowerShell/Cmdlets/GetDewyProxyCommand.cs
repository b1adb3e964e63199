using System.Management.Automation;
using Dewy.PowerShell.Commands;
using Dewy.PowerShell.Completion;

namespace Dewy.PowerShell.Cmdlets;

/// <summary>What proxies are doing.</summary>
[Cmdlet(VerbsCommon.Get, "DewyProxy")]
[OutputType(typeof(ProxyStatus))]
public sealed class GetDewyProxyCommand : NamedProxyCommand
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ProxyNameCompleter))]
    public string[]? Name { get; set; }

    private protected override IReadOnlyList<string> Names => Name ?? [];

    private protected override Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var found = Find();
        foreach (var proxy in found)
            Emit(proxy.GetStatus());

        // Those of agents as well, unless a proxy by itself was meant.
        foreach (var status in Session.Agents.Where(agent => !agent.HasEnded).Select(agent => agent.Status.Proxy).OfType<ProxyStatus>())
        {
            if (Name is null || Name.Any(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase).IsMatch(status.Name)))
                Emit(status);
        }

        return Task.CompletedTask;
    }
}
