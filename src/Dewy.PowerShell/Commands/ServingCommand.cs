using System.Management.Automation;

namespace Dewy.PowerShell.Commands;

/// <summary>A cmdlet that may have something serve: a program, replicas behind the proxy, containers.</summary>
public abstract class ServingCommand : ReleasingCommand
{
    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateNotNullOrEmpty]
    [DewyOption("port")]
    public string[]? Port { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateNotNullOrEmpty]
    [DewyOption("health-path")]
    public string? HealthPath { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateRange(1, 3600)]
    [DewyOption("health-timeout", Form = OptionForm.Seconds)]
    public int HealthTimeoutSec { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateRange(0, SecondsOfADay)]
    [DewyOption("watch-time", Form = OptionForm.Seconds)]
    public int WatchTimeSec { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [DewyOption("no-rollback")]
    public SwitchParameter NoRollback { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateSet("Stop", "Leave")]
    [DewyOption("on-exit", Form = OptionForm.Word)]
    public string? OnExit { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Server)]
    [ValidateSet("Socket", "Proxy")]
    [DewyOption("handoff", Form = OptionForm.Word)]
    public string? Handoff { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Server)]
    [ValidateRange(0, 3600)]
    [DewyOption("start-wait", Form = OptionForm.Seconds)]
    public int StartWaitSec { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Server)]
    [ValidateRange(0, SecondsOfADay)]
    [DewyOption("kill-old-delay", Form = OptionForm.Seconds)]
    public int KillOldDelaySec { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Server)]
    [ValidateSet("TERM", "QUIT", "INT", "HUP", "USR1", "USR2", "WINCH")]
    [DewyOption("stop-signal")]
    public string? StopSignal { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Server)]
    [ValidateRange(0, SecondsOfADay)]
    [DewyOption("stop-timeout", Form = OptionForm.Seconds)]
    public int StopTimeoutSec { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Server)]
    [DewyOption("overlap")]
    public SwitchParameter Overlap { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Server)]
    [ValidateNotNullOrEmpty]
    [DewyOption("log-dir", Form = OptionForm.Path)]
    public string? LogDir { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateRange(1, 100)]
    [DewyOption("replicas")]
    public int Replicas { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateRange(1, 100)]
    [DewyOption("max-surge")]
    public int MaxSurge { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateRange(0, SecondsOfADay)]
    [DewyOption("drain-time", Form = OptionForm.Seconds)]
    public int DrainTimeSec { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateRange(0, SecondsOfADay)]
    [DewyOption("proxy-idle-timeout", Form = OptionForm.Seconds)]
    public int ProxyIdleTimeoutSec { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateSet("round-robin", "least-requests", "random", "power-of-two-choices", "first", "sticky")]
    [DewyOption("balance")]
    public string? Balance { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateRange(0, 3600)]
    [DewyOption("hold", Form = OptionForm.Seconds)]
    public int HoldSec { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateNotNullOrEmpty]
    [DewyOption("tcp")]
    public string[]? Tcp { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateNotNullOrEmpty]
    [DewyOption("tls-cert", Form = OptionForm.Path)]
    public string? TlsCert { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Any), Parameter(ParameterSetName = ParameterSets.Server), Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateNotNullOrEmpty]
    [DewyOption("tls-key", Form = OptionForm.Path)]
    public string? TlsKey { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateRange(1, 65535)]
    [DewyOption("container-port")]
    public int ContainerPort { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateSet("Docker", "Podman")]
    [DewyOption("runtime", Form = OptionForm.Word)]
    public string? Runtime { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateNotNullOrEmpty]
    [DewyOption("cmd")]
    public string[]? Cmd { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateRange(1, 1000)]
    [DewyOption("keep-images")]
    public int KeepImages { get; set; }

    [Parameter(ParameterSetName = ParameterSets.Container)]
    [DewyOption("allow-unsafe")]
    public SwitchParameter AllowUnsafe { get; set; }

    /// <summary>Options of docker run, one word each.</summary>
    [Parameter(ParameterSetName = ParameterSets.Container)]
    [ValidateNotNull]
    [DewyOption("run-options")]
    public string[]? RunOptions { get; set; }
}
