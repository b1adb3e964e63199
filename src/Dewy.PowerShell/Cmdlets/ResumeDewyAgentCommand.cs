using System.Management.Automation;
using Dewy.PowerShell.Commands;

namespace Dewy.PowerShell.Cmdlets;

/// <summary>Ends a pause and a pin.</summary>
[Cmdlet(VerbsLifecycle.Resume, "DewyAgent", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(AgentStatus))]
public sealed class ResumeDewyAgentCommand : RootedCommand
{
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        if (!await ShouldProcessAsync(RootPath, "Resume deploying"))
            return;
        await Engine.ResumeAsync(RootPath, cancellationToken);
        if (PassThru)
            Emit(await Engine.GetStatusAsync(RootPath, cancellationToken));
    }
}
