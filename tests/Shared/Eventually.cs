namespace Dewy.Tests;

/// <summary>Waits for a condition with a deadline, where there is no event to wait for.</summary>
internal static class Eventually
{
    public static async Task IsTrueAsync(Func<bool> condition, string what, TimeSpan? deadline = null)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = new CancellationTokenSource(deadline ?? TimeSpan.FromSeconds(30));
        while (!condition())
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
