namespace Dewy.EndToEnd.Tests.Replicas.Ground;

/// <summary>How long is waited for what takes several processes or containers: machines are shared.</summary>
internal static class Patience
{
    public static readonly TimeSpan Deployment = TimeSpan.FromMinutes(3);

    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits for a condition that has to be asked for.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what, TimeSpan? deadline = null)
    {
        using var limit = new CancellationTokenSource(deadline ?? Settling);
        using var timer = new PeriodicTimer(Pace);
        while (!await condition())
        {
            try
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException exception)
            {
                throw new TimeoutException($"It never came true that {what}.", exception);
            }
        }
    }
}
