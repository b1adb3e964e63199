using System.Runtime.InteropServices;

namespace Dewy.Engine.Processes;

/// <summary>
/// Turns signals into requests as long as it lives, in place of what they do by default. For a program of its own, such as
/// <c>dewy</c>; a host like PowerShell has its own use for them. Windows knows no <c>USR1</c>, and its <c>HUP</c> means that
/// the console was closed: there it stops.
/// </summary>
public sealed class SignalListener : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <param name="onSignal">Called on another thread for each signal; must not block or throw.</param>
    public SignalListener(Action<AgentSignal> onSignal)
    {
        ArgumentNullException.ThrowIfNull(onSignal);
        Listen(PosixSignal.SIGTERM, AgentSignal.Stop);
        Listen(PosixSignal.SIGINT, AgentSignal.Stop);
        Listen(PosixSignal.SIGQUIT, AgentSignal.Stop);
        Listen(PosixSignal.SIGHUP, OperatingSystem.IsWindows() ? AgentSignal.Stop : AgentSignal.Redeploy);
        if (!OperatingSystem.IsWindows())
            Listen((PosixSignal)(OperatingSystem.IsMacOS() ? 30 : 10), AgentSignal.RedeployAndNotify); // SIGUSR1, by its raw number

        void Listen(PosixSignal signal, AgentSignal meaning) => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            onSignal(meaning);
        }));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _registrations.Clear();
    }
}
