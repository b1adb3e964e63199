namespace Dewy.Engine.Proxy.Backends;

/// <summary>Chooses where among the ready backends a request starts looking for one to claim.</summary>
internal sealed class Balancer(BalancePolicy policy)
{
    private uint _next = uint.MaxValue;

    /// <summary>The place of the backend to try first.</summary>
    /// <param name="ready">At least one.</param>
    /// <param name="token">The backend a cookie names; null where none does.</param>
    public int Choose(Backend[] ready, string? token)
    {
        if (ready.Length == 1)
            return 0;
        return policy switch
        {
            BalancePolicy.First => 0,
            BalancePolicy.Random => Random.Shared.Next(ready.Length),
            BalancePolicy.LeastRequests => LeastBusy(ready, Next(ready.Length)),
            BalancePolicy.PowerOfTwoChoices => LessBusyOfTwo(ready),
            BalancePolicy.Sticky when Array.FindIndex(ready, backend => string.Equals(backend.Token, token, StringComparison.Ordinal)) is >= 0 and var named => named,
            _ => Next(ready.Length),
        };
    }

    private int Next(int count) => (int)(Interlocked.Increment(ref _next) % (uint)count);

    /// <summary>Among equals one after the other, or an idle set would send everything to its first backend.</summary>
    private static int LeastBusy(Backend[] ready, int start)
    {
        var (best, fewest) = (start, ready[start].Claims.Count);
        for (var step = 1; step < ready.Length && fewest > 0; step++)
        {
            var index = (start + step) % ready.Length;
            var count = ready[index].Claims.Count;
            if (count < fewest)
                (best, fewest) = (index, count);
        }

        return best;
    }

    private static int LessBusyOfTwo(Backend[] ready)
    {
        var one = Random.Shared.Next(ready.Length);
        var other = Random.Shared.Next(ready.Length - 1);
        if (other >= one)
            other++;
        return ready[other].Claims.Count < ready[one].Claims.Count ? other : one;
    }
}
