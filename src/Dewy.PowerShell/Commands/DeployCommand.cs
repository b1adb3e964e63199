using System.Management.Automation;
using Dewy.PowerShell.Completion;

namespace Dewy.PowerShell.Commands;

/// <summary>A cmdlet that deploys, in any mode.</summary>
public abstract class DeployCommand : ArtifactCommand
{
    private const int SecondsOfADay = 86_400;
    private const int SecondsOfAYear = 365 * SecondsOfADay;

    /// <summary>Where releases are announced.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    [DewyOption("registry", Form = OptionForm.Url)]
    public string Registry { get; set; } = "";

    /// <summary>What deploying means; found out from the registry and the command where left out.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public DeploymentMode? Mode { get; set; }

    /// <summary>Name of the application; found out from the registry where left out.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [DewyOption("name")]
    public string? Name { get; set; }

    /// <summary>The program and its arguments, started in the root.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    [DewyOption("command")]
    public string[]? Command { get; set; }

    [Parameter]
    [ValidateRange(0, SecondsOfAYear)]
    [DewyOption("grace-period", Form = OptionForm.Seconds)]
    public int GracePeriodSec { get; set; }

    [Parameter]
    [ValidateRange(0, SecondsOfAYear)]
    [DewyOption("min-age", Form = OptionForm.Seconds)]
    public int MinAgeSec { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [DewyOption("window")]
    public string[]? Window { get; set; }

    [Parameter]
    [DewyOption("no-downgrade")]
    public SwitchParameter NoDowngrade { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [HookCommand]
    [DewyOption("before-deploy-hook")]
    public string? BeforeDeployHook { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [HookCommand]
    [DewyOption("after-deploy-hook")]
    public string? AfterDeployHook { get; set; }

    [Parameter]
    [ValidateRange(1, SecondsOfADay)]
    [DewyOption("hook-timeout", Form = OptionForm.Seconds)]
    public int HookTimeoutSec { get; set; }

    [Parameter]
    [ValidateSet("Continue", "Abort")]
    [DewyOption("on-hook-failure", Form = OptionForm.Word)]
    public string? OnHookFailure { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [DewyOption("pass-env")]
    public string[]? PassEnv { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [DewyOption("shared")]
    public string[]? Shared { get; set; }

    [Parameter]
    [ValidateRange(1, 1000)]
    [DewyOption("keep-releases")]
    public int KeepReleases { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NotifierCompleter))]
    [DewyOption("notifier")]
    public string[]? Notifier { get; set; }

    [Parameter]
    [DewyOption("no-report")]
    public SwitchParameter NoReport { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [DewyOption("port")]
    public string[]? Port { get; set; }

    [Parameter]
    [ValidateSet("Socket", "Proxy")]
    [DewyOption("handoff", Form = OptionForm.Word)]
    public string? Handoff { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [DewyOption("health-path")]
    public string? HealthPath { get; set; }

    [Parameter]
    [ValidateRange(1, 3600)]
    [DewyOption("health-timeout", Form = OptionForm.Seconds)]
    public int HealthTimeoutSec { get; set; }

    [Parameter]
    [ValidateRange(0, SecondsOfADay)]
    [DewyOption("watch-time", Form = OptionForm.Seconds)]
    public int WatchTimeSec { get; set; }

    [Parameter]
    [DewyOption("no-rollback")]
    public SwitchParameter NoRollback { get; set; }

    [Parameter]
    [ValidateRange(0, 3600)]
    [DewyOption("start-wait", Form = OptionForm.Seconds)]
    public int StartWaitSec { get; set; }

    [Parameter]
    [ValidateRange(0, SecondsOfADay)]
    [DewyOption("kill-old-delay", Form = OptionForm.Seconds)]
    public int KillOldDelaySec { get; set; }

    [Parameter]
    [ValidateSet("TERM", "QUIT", "INT", "HUP", "USR1", "USR2", "WINCH")]
    [DewyOption("stop-signal")]
    public string? StopSignal { get; set; }

    [Parameter]
    [ValidateRange(0, SecondsOfADay)]
    [DewyOption("stop-timeout", Form = OptionForm.Seconds)]
    public int StopTimeoutSec { get; set; }

    [Parameter]
    [DewyOption("overlap")]
    public SwitchParameter Overlap { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [DewyOption("log-dir", Form = OptionForm.Path)]
    public string? LogDir { get; set; }

    [Parameter]
    [ValidateSet("Stop", "Leave")]
    [DewyOption("on-exit", Form = OptionForm.Word)]
    public string? OnExit { get; set; }

    [Parameter]
    [ValidateRange(1, 100)]
    [DewyOption("replicas")]
    public int Replicas { get; set; }

    [Parameter]
    [ValidateRange(1, 100)]
    [DewyOption("max-surge")]
    public int MaxSurge { get; set; }

    [Parameter]
    [ValidateRange(0, SecondsOfADay)]
    [DewyOption("drain-time", Form = OptionForm.Seconds)]
    public int DrainTimeSec { get; set; }

    [Parameter]
    [ValidateRange(0, SecondsOfADay)]
    [DewyOption("proxy-idle-timeout", Form = OptionForm.Seconds)]
    public int ProxyIdleTimeoutSec { get; set; }

    [Parameter]
    [ValidateSet("round-robin", "least-requests", "random", "power-of-two-choices", "first", "sticky")]
    [DewyOption("balance")]
    public string? Balance { get; set; }

    [Parameter]
    [ValidateRange(0, 3600)]
    [DewyOption("hold", Form = OptionForm.Seconds)]
    public int HoldSec { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [DewyOption("tcp")]
    public string[]? Tcp { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [DewyOption("tls-cert", Form = OptionForm.Path)]
    public string? TlsCert { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [DewyOption("tls-key", Form = OptionForm.Path)]
    public string? TlsKey { get; set; }

    [Parameter]
    [ValidateRange(1, 65535)]
    [DewyOption("container-port")]
    public int ContainerPort { get; set; }

    [Parameter]
    [ValidateSet("Docker", "Podman")]
    [DewyOption("runtime", Form = OptionForm.Word)]
    public string? Runtime { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [DewyOption("cmd")]
    public string[]? Cmd { get; set; }

    [Parameter]
    [ValidateRange(1, 1000)]
    [DewyOption("keep-images")]
    public int KeepImages { get; set; }

    [Parameter]
    [DewyOption("allow-unsafe")]
    public SwitchParameter AllowUnsafe { get; set; }

    [Parameter]
    [DewyOption("telemetry")]
    public SwitchParameter Telemetry { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [DewyOption("otlp-endpoint")]
    public string? OtlpEndpoint { get; set; }

    [Parameter]
    [DewyOption("otlp-insecure")]
    public SwitchParameter OtlpInsecure { get; set; }

    /// <summary>Options of docker run, one word each.</summary>
    [Parameter]
    [ValidateNotNull]
    [DewyOption("run-options")]
    public string[]? RunOptions { get; set; }

    /// <inheritdoc/>
    private protected override bool FailureEndsStatement => true;

    /// <inheritdoc/>
    private protected override void Prepare()
    {
        base.Prepare();
        var mode = Mode is { } given ? given
            : Registry.StartsWith("img://", StringComparison.OrdinalIgnoreCase) ? DeploymentMode.Container
            : Command is not null ? DeploymentMode.Server
            : DeploymentMode.Assets;
        Options.Add("mode", mode.ToString().ToLowerInvariant(), "-Mode");
    }
}
