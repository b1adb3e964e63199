using System.Management.Automation;
using Dewy.PowerShell.Commands;
using Dewy.PowerShell.Completion;

namespace Dewy.PowerShell.Cmdlets;

/// <summary>All phases once, in any mode.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "DewyDeploy", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Deployment))]
[OutputType(typeof(DeploymentPlan))]
public sealed class InvokeDewyDeployCommand : DeployCommand
{
    private bool _whatIf;

    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>The release to deploy and to stay at; the newest where left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CachedTagCompleter))]
    public string? Tag { get; set; }

    private protected override void Prepare()
    {
        base.Prepare();
        _whatIf = MyInvocation.BoundParameters.TryGetValue("WhatIf", out var given)
            ? LanguagePrimitives.IsTrue(given)
            : LanguagePrimitives.IsTrue(SessionState.PSVariable.GetValue("WhatIfPreference"));
    }

    private protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        if (_whatIf)
        {
            await TellPlanAsync(cancellationToken);
            return;
        }

        if (!await ShouldProcessAsync(RootPath, Tag is null ? $"Deploy the newest release of {Registry}" : $"Deploy {Tag} of {Registry} and pin it"))
            return;
        var deployment = Tag is null ? null : await Engine.PinAsync(Options, Tag, Environment.UserName, EventSink, cancellationToken);
        deployment ??= await Engine.DeployAsync(Options, Force, EventSink, cancellationToken);
        if (deployment is null)
            return;
        Emit(deployment);
        if (deployment is { Result: not DeploymentResult.Succeeded, Error: { } error })
            EmitError(ErrorRecords.From(error, RootPath));
    }

    /// <summary>One What-if line a step; the plan itself is the output.</summary>
    private async Task TellPlanAsync(CancellationToken cancellationToken)
    {
        var plan = await Engine.PlanAsync(Options, Force, EventSink, cancellationToken);
        foreach (var step in plan.Steps)
            await ShouldProcessAsync(RootPath, $"{step.Name}: {step.Description}");
        Emit(plan);
    }
}
