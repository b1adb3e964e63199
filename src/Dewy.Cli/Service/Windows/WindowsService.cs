using System.Runtime.Versioning;
using System.ServiceProcess;
using Dewy.Engine.Processes;
using Microsoft.Extensions.Hosting.WindowsServices;

namespace Dewy.Cli.Service.Windows;

/// <summary>
/// <c>dewy</c> under Windows' service manager: <c>sc stop</c> stops in good order, <c>sc control &lt;name&gt; 128</c> restarts
/// what runs as HUP does elsewhere, 129 as USR1. What would go to a terminal goes to the event log, warnings and errors only.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsService : ServiceBase
{
    private const int Redeploy = 128;
    private const int RedeployAndNotify = 129;

    /// <summary>ERROR_EXCEPTION_IN_SERVICE: has the service manager recover as it was told to.</summary>
    private const int FailedCode = 1064;

    /// <summary>How long the service manager is asked to wait at a time while the application drains.</summary>
    private static readonly TimeSpan StopPace = TimeSpan.FromSeconds(10);

    private readonly ServiceRun _run;
    private bool _stopping;

    private WindowsService(IReadOnlyList<string> arguments, CommandHost host)
    {
        ServiceName = "dewy"; // of a service that has a process of its own the manager ignores it
        CanShutdown = true;
        _run = new ServiceRun(arguments, host with { Output = TextWriter.Null, Error = new EventLogWriter(EventLog) }, Ended);
    }

    /// <summary>Whether this process was started by the service manager.</summary>
    public static bool IsStartedByManager => WindowsServiceHelpers.IsWindowsService();

    /// <summary>Runs until the service manager stops it or the command ends.</summary>
    public static ExitCode Run(IReadOnlyList<string> arguments, CommandHost host)
    {
        using var service = new WindowsService(arguments, host);
        Run(service);
        return (ExitCode)service.ExitCode;
    }

    /// <inheritdoc/>
    protected override void OnStart(string[] args) => _run.Start();

    /// <inheritdoc/>
    protected override void OnStop()
    {
        _stopping = true;
        _run.Send(AgentSignal.Stop);
        while (!_run.Running.Wait(StopPace)) // a synchronous border of Windows'
            RequestAdditionalTime(StopPace * 2);
    }

    /// <inheritdoc/>
    protected override void OnShutdown() => OnStop();

    /// <inheritdoc/>
    protected override void OnCustomCommand(int command)
    {
        switch (command)
        {
            case Redeploy: _run.Send(AgentSignal.Redeploy); break;
            case RedeployAndNotify: _run.Send(AgentSignal.RedeployAndNotify); break;
        }
    }

    private void Ended(Dewy.ExitCode code)
    {
        if (_stopping)
            return;

        // Nobody asked for it: the manager is told, and recovers as it was told to.
        ExitCode = code == Dewy.ExitCode.Ok ? 0 : FailedCode;
        Stop();
    }
}
