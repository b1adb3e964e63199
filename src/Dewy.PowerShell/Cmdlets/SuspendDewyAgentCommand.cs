using System.Management.Automation;
using Dewy.PowerShell.Commands;

namespace Dewy.PowerShell.Cmdlets;

/// <summary>Pauses deploying in a root.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "DewyAgent", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(AgentStatus))]
public sealed class SuspendDewyAgentCommand : RootedCommand
{
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        if (!await ShouldProcessAsync(RootPath, "Pause deploying"))
            return;
        await Engine.PauseAsync(RootPath, Environment.UserName, cancellationToken);
        if (PassThru)
            Emit(await Engine.GetStatusAsync(RootPath, cancellationToken));
    }
}
