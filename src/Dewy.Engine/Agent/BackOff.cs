namespace Dewy.Engine.Agent;

/// <summary>How long to wait before the next try.</summary>
internal static class BackOff
{
    private static readonly TimeSpan LongestRestart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan LongestOutage = TimeSpan.FromMinutes(5);

    /// <summary>Before the application is started again: at once, then 1 s doubling to 60 s.</summary>
    public static TimeSpan BeforeRestart(int crashes) =>
        crashes <= 1 ? TimeSpan.Zero : Doubled(TimeSpan.FromSeconds(1), crashes - 2, LongestRestart);

    /// <summary>Before a failed release is tried again: 30 s doubling to 30 min.</summary>
    public static TimeSpan BeforeRetry(int failures) => Doubled(FirstRetry, failures - 1, LongestRetry);

    /// <summary>Between two checks of a registry that does not answer: the interval doubling to 5 min, never less than the interval.</summary>
    public static TimeSpan BetweenChecks(TimeSpan interval, int failures)
    {
        var longest = interval > LongestOutage ? interval : LongestOutage;
        return Doubled(interval, failures, longest);
    }

    private static TimeSpan Doubled(TimeSpan first, int times, TimeSpan longest)
    {
        var factor = Math.Pow(2, Math.Clamp(times, 0, 30));
        return first.Ticks * factor >= longest.Ticks ? longest : first * factor;
    }
}
