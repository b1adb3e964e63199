using System.Management.Automation;
using Dewy.PowerShell.Commands;

namespace Dewy.PowerShell.Cmdlets;

/// <summary>Starts a proxy by itself.</summary>
[Cmdlet(VerbsLifecycle.Start, "DewyProxy", DefaultParameterSetName = Given, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ProxyStatus))]
public sealed class StartDewyProxyCommand : DewyCommand
{
    private const string Given = "Backend";
    private const string Labelled = "Application";
    private const int SecondsOfADay = 86_400;

    private OptionSet _options = [];

    /// <summary>Where requests go.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = Given, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("Addresses")]
    public string[] Backend { get; set; } = [];

    /// <summary>Application whose containers are the backends.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Labelled)]
    [ValidateNotNullOrEmpty]
    public string Application { get; set; } = "";

    [Parameter]
    [ValidateNotNullOrEmpty]
    [DewyOption("port")]
    public string[]? Port { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [DewyOption("tcp")]
    public string[]? Tcp { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [DewyOption("name")]
    public string? Name { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [DewyOption("health-path")]
    public string? HealthPath { get; set; }

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
    [DewyOption("tls-cert", Form = OptionForm.Path)]
    public string? TlsCert { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [DewyOption("tls-key", Form = OptionForm.Path)]
    public string? TlsKey { get; set; }

    [Parameter(ParameterSetName = Labelled)]
    [ValidateSet("Docker", "Podman")]
    [DewyOption("runtime", Form = OptionForm.Word)]
    public string? Runtime { get; set; }

    /// <inheritdoc/>
    private protected override bool FailureEndsStatement => true;

    private protected override void Prepare()
    {
        var location = SessionState.Path.CurrentFileSystemLocation.ProviderPath;
        _options = new OptionBinder(path => SessionState.Path.GetUnresolvedProviderPathFromPSPath(path)).Bind(this, MyInvocation.BoundParameters).Add("root", location);
    }

    private protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var proxy = Engine.CreateProxy(_options, Backend, ParameterSetName is Labelled ? Application : null, SilentEvents.Instance);
        var started = false;
        try
        {
            if (Session.Proxies.Any(other => string.Equals(other.Name, proxy.Name, StringComparison.OrdinalIgnoreCase)))
                throw new DewyException(ErrorCode.InvalidOption, $"A proxy named {proxy.Name} runs in this session already.") { Target = proxy.Name, NextStep = "Give this one another -Name, or stop the other with Stop-DewyProxy." };
            if (!await ShouldProcessAsync(proxy.Name, "Start a proxy"))
                return;
            await proxy.StartAsync(cancellationToken);
            Session.Add(proxy);
            started = true;
            Emit(proxy.GetStatus());
        }
        finally
        {
            if (!started)
                await proxy.DisposeAsync();
        }
    }
}
