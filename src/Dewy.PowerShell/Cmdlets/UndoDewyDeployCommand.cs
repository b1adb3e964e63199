using System.Management.Automation;
using Dewy.PowerShell.Commands;
using Dewy.PowerShell.Completion;

namespace Dewy.PowerShell.Cmdlets;

/// <summary>Goes back to a kept release and pins it.</summary>
[Cmdlet(VerbsCommon.Undo, "DewyDeploy", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Deployment))]
public sealed class UndoDewyDeployCommand : RootedCommand
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Tag")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(KeptReleaseCompleter))]
    public string? To { get; set; }

    [Parameter]
    public SwitchParameter UntilNewer { get; set; }

    private protected override bool FailureEndsStatement => true;

    private protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        if (!await ShouldProcessAsync(RootPath, $"Roll back to {To ?? "the previous release"}"))
            return;
        var deployment = await Engine.RollbackAsync(Options, To, UntilNewer, Environment.UserName, EventSink, cancellationToken);
        Emit(deployment);
        if (deployment is { Result: not DeploymentResult.Succeeded, Error: { } error })
            EmitError(ErrorRecords.From(error, RootPath));
    }
}
