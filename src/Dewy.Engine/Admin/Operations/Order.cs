namespace Dewy.Engine.Admin.Operations;

/// <summary>What every order may say; all of the body of <c>POST /api/pause</c> and <c>/api/resume</c>.</summary>
internal record Order
{
    /// <summary>Longest name of who asks, in characters.</summary>
    public const int LongestName = 64;

    /// <summary>Longest an answer may be waited for.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(2);

    /// <summary>Who asks, for the history; null for the admin API itself.</summary>
    public string? By { get; init; }

    /// <summary>How many seconds to wait for the outcome before answering 202; 0 to 300, 2 where left out.</summary>
    public double? WaitSeconds { get; init; }

    public string Name => By ?? "admin API";

    public TimeSpan Wait => WaitSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultWait;

    /// <summary>What is wrong with it; null where nothing is.</summary>
    public string? Fault() => this switch
    {
        { By: { } by } when by.Length is 0 or > LongestName || by.Any(char.IsControl) => $"by is a name of 1 to {LongestName} characters without control characters.",
        { WaitSeconds: { } seconds } when !(seconds >= 0 && seconds <= LongestWait.TotalSeconds) => $"wait_seconds is a number from 0 to {LongestWait.TotalSeconds:0}.",
        _ => null,
    };
}
