namespace Dewy.Engine.Notifications;

/// <summary>
/// Tells when an application that kept ending by itself is well again. No event says so: it is well when it was started
/// anew and nothing happened for a while, which the agent's other events show by their time.
/// </summary>
internal sealed class CrashWatch
{
    /// <summary>Longer than any pause between two restarts, and than most programs take to fail again.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromMinutes(10);

    private DateTimeOffset? _runsSince;

    public void Crashed() => _runsSince = null;

    public void Runs(DateTimeOffset time) => _runsSince ??= time;

    /// <summary>Since when the application runs, where that is long enough by now.</summary>
    public DateTimeOffset? IsWellSince(DateTimeOffset now) => _runsSince is { } since && now - since >= Calm ? since : null;
}
