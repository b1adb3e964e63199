using System.Management.Automation;
using Dewy.PowerShell.Commands;
using Dewy.PowerShell.Completion;

namespace Dewy.PowerShell.Cmdlets;

/// <summary>All phases once, in any mode.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "DewyDeploy", DefaultParameterSetName = ParameterSets.Any, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
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
    [ArgumentCompleter(typeof(ReleaseTagCompleter))]
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
        var applications = Applications();
        foreach (var application in applications)
        {
            try
            {
                await (_whatIf ? TellPlanAsync(application, cancellationToken) : DeployAsync(application, cancellationToken));
            }
            catch (DewyException exception) when (applications.Count > 1)
            {
                EmitError(ErrorRecords.From(exception, application.Root)); // the others have their turn all the same
            }
        }
    }

    private async Task DeployAsync(ConfiguredApplication application, CancellationToken cancellationToken)
    {
        var what = Tag is null ? $"Deploy the newest release of {application.Registry}" : $"Deploy {Tag} of {application.Registry} and pin it";
        if (!await ShouldProcessAsync(application.Root, what))
            return;
        var deployment = Tag is null ? null : await Engine.PinAsync(application.Options, Tag, Environment.UserName, EventSink, cancellationToken);
        deployment ??= await Engine.DeployAsync(application.Options, Force, EventSink, cancellationToken);
        if (deployment is null)
            return;
        Emit(deployment);
        if (deployment is { Result: not DeploymentResult.Succeeded, Error: { } error })
            EmitError(ErrorRecords.From(error, application.Root));
    }

    /// <summary>One What-if line a step; the plan itself is the output.</summary>
    private async Task TellPlanAsync(ConfiguredApplication application, CancellationToken cancellationToken)
    {
        var plan = await Engine.PlanAsync(application.Options, Force, EventSink, cancellationToken);
        foreach (var step in plan.Steps)
            await ShouldProcessAsync(application.Root, $"{step.Name}: {step.Description}");
        Emit(plan);
    }
}
