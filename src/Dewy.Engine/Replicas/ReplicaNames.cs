using System.Collections.Concurrent;

namespace Dewy.Engine.Replicas;

/// <summary>
/// Names of replicas: <c>&lt;application&gt;-&lt;unix seconds&gt;-&lt;number&gt;</c>, as the Go program has them. No name is
/// given twice, not even where a replica is replaced within its first second: the proxy, the history and people tell
/// replicas apart by it.
/// </summary>
internal sealed class ReplicaNames(string application, TimeProvider time)
{
    private readonly ConcurrentDictionary<int, long> _last = new();

    /// <summary>A name for the replica at <paramref name="number"/>: with the present second, or the first one after it that none had.</summary>
    public string Next(int number)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        return $"{application}-{_last.AddOrUpdate(number, now, (_, last) => Math.Max(now, last + 1))}-{number}";
    }
}
