using System.Management.Automation;
using System.Security;
using Dewy.PowerShell.Completion;

namespace Dewy.PowerShell.Commands;

/// <summary>A cmdlet that makes releases live: when, what runs around that, and who is told.</summary>
public abstract class ReleasingCommand : ArtifactCommand
{
    private protected const int SecondsOfADay = 86_400;
    private const int SecondsOfAYear = 365 * SecondsOfADay;

    /// <inheritdoc/>
    [Parameter(ParameterSetName = ParameterSets.Any, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ParameterSets.Server, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ParameterSets.Container, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public override string? Root { get; set; }

    /// <inheritdoc/>
    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateNotNullOrEmpty]
    public override string? Slot { get; set; }

    /// <inheritdoc/>
    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateNotNullOrEmpty]
    public override string? Calver { get; set; }

    /// <inheritdoc/>
    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateNotNull]
    public override SecureString? Token { get; set; }

    /// <inheritdoc/>
    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateNotNull]
    public override PSCredential? Credential { get; set; }

    /// <inheritdoc/>
    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server)]
    public override string? Cache { get; set; }

    /// <inheritdoc/>
    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server)]
    [ValidateSet("Auto", "Required", "Off")]
    public override string? VerifyChecksum { get; set; }

    /// <inheritdoc/>
    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server)]
    [ValidateNotNullOrEmpty]
    public override string? VerifyKey { get; set; }

    /// <inheritdoc/>
    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server)]
    [ValidateRange(1, long.MaxValue)]
    public override long MaxArtifactSize { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateRange(0, SecondsOfAYear)]
    [DewyOption("grace-period", Form = OptionForm.Seconds)]
    public int GracePeriodSec { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateRange(0, SecondsOfAYear)]
    [DewyOption("min-age", Form = OptionForm.Seconds)]
    public int MinAgeSec { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateNotNullOrEmpty]
    [DewyOption("window")]
    public string[]? Window { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [DewyOption("no-downgrade")]
    public SwitchParameter NoDowngrade { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateNotNullOrEmpty]
    [HookCommand]
    [DewyOption("before-deploy-hook")]
    public string? BeforeDeployHook { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateNotNullOrEmpty]
    [HookCommand]
    [DewyOption("after-deploy-hook")]
    public string? AfterDeployHook { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateRange(1, SecondsOfADay)]
    [DewyOption("hook-timeout", Form = OptionForm.Seconds)]
    public int HookTimeoutSec { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateSet("Continue", "Abort")]
    [DewyOption("on-hook-failure", Form = OptionForm.Word)]
    public string? OnHookFailure { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateNotNullOrEmpty]
    [DewyOption("pass-env")]
    public string[]? PassEnv { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server)]
    [ValidateNotNullOrEmpty]
    [DewyOption("shared")]
    public string[]? Shared { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server)]
    [ValidateRange(1, 1000)]
    [DewyOption("keep-releases")]
    public int KeepReleases { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NotifierCompleter))]
    [DewyOption("notifier")]
    public string[]? Notifier { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [DewyOption("no-report")]
    public SwitchParameter NoReport { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [DewyOption("telemetry")]
    public SwitchParameter Telemetry { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateNotNullOrEmpty]
    [DewyOption("otlp-endpoint")]
    public string? OtlpEndpoint { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [DewyOption("otlp-insecure")]
    public SwitchParameter OtlpInsecure { get; set; }
}
