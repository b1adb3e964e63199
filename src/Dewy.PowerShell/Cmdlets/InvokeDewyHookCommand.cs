using System.Management.Automation;
using Dewy.PowerShell.Commands;
using Dewy.PowerShell.Completion;

namespace Dewy.PowerShell.Cmdlets;

/// <summary>Runs a hook by itself.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "DewyHook", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(HookResult))]
public sealed class InvokeDewyHookCommand : RootedCommand
{
    [Parameter(Mandatory = true, Position = 0)]
    public HookKind Kind { get; set; }

    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [HookCommand]
    public string? Command { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(KeptReleaseCompleter))]
    public string? Tag { get; set; }

    [Parameter]
    [ValidateRange(1, 86_400)]
    [DewyOption("hook-timeout", Form = OptionForm.Seconds)]
    public int HookTimeoutSec { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [DewyOption("pass-env")]
    public string[]? PassEnv { get; set; }

    private protected override object? Subject => Tag ?? base.Subject;

    private protected override void Prepare()
    {
        base.Prepare();
        if (Command is not null)
            Options.Add(Kind == HookKind.BeforeDeploy ? "before-deploy-hook" : "after-deploy-hook", Command, "-Command");
    }

    private protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var options = Options;
        if (!await ShouldProcessAsync(RootPath, $"Run the {Kind} hook{(Tag is null ? "" : $" for {Tag}")}"))
            return;
        var result = await Engine.InvokeHookAsync(options, Kind, Tag, EventSink, cancellationToken);
        Emit(result);
        if (result.Error is { } error)
            EmitError(ErrorRecords.From(FailureOf(result, error), RootPath));
    }

    private static DeploymentError FailureOf(HookResult result, string error) => new()
    {
        Code = result.TimedOut ? ErrorCode.HookTimeout : ErrorCode.HookFailed,
        Message = error,
        Target = result.Command,
        NextStep = result.TimedOut ? "Find out what the hook waits for, or raise -HookTimeoutSec." : "Read the hook's output, and run its command by hand in the root.",
    };
}
