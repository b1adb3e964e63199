using System.Management.Automation;
using Dewy.PowerShell.Commands;
using Dewy.PowerShell.Completion;

namespace Dewy.PowerShell.Cmdlets;

/// <summary>Replaces the backends of a proxy.</summary>
[Cmdlet(VerbsCommon.Set, "DewyProxy", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ProxyStatus))]
public sealed class SetDewyProxyCommand : NamedProxyCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ProxyNameCompleter))]
    public string[] Name { get; set; } = [];

    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNull]
    [AllowEmptyCollection]
    public string[] Backend { get; set; } = [];

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override IReadOnlyList<string> Names => Name;

    private protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        foreach (var proxy in Find())
        {
            if (!await ShouldProcessAsync(proxy.Name, $"Send requests to {(Backend.Length == 0 ? "nobody" : string.Join(", ", Backend))}"))
                continue;
            await proxy.SetBackendsAsync(Backend, cancellationToken);
            if (PassThru)
                Emit(proxy.GetStatus());
        }
    }
}
