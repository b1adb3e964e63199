using System.Management.Automation;
using Dewy.PowerShell.Commands;
using Dewy.PowerShell.Completion;

namespace Dewy.PowerShell.Cmdlets;

/// <summary>Stops proxies of this session.</summary>
[Cmdlet(VerbsLifecycle.Stop, "DewyProxy", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class StopDewyProxyCommand : NamedProxyCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ProxyNameCompleter))]
    public string[] Name { get; set; } = [];

    private protected override IReadOnlyList<string> Names => Name;

    private protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        foreach (var proxy in Find())
        {
            if (!await ShouldProcessAsync(proxy.Name, "Stop the proxy"))
                continue;
            Session.Remove(proxy);
            await using (proxy)
                await proxy.StopAsync();
        }
    }
}
