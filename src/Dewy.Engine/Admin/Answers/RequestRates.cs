namespace Dewy.Engine.Admin.Answers;

/// <summary>
/// Requests a second of each replica, from counts that only grow, as far as somebody looks: a look adds a sample, and the
/// rate is that over the samples of the last seconds.
/// </summary>
internal sealed class RequestRates(TimeProvider time)
{
    /// <summary>What lies further back says nothing about now.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(15);

    /// <summary>Looks closer together than this share a sample: many clients must not shorten what is measured over.</summary>
    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<(DateTimeOffset At, IReadOnlyDictionary<string, long> Requests)> _samples = new();

    /// <summary>Takes a look.</summary>
    /// <param name="requests">Requests so far by replica.</param>
    /// <returns>Requests a second by replica; without those that are new.</returns>
    public IReadOnlyDictionary<string, double> Measure(IReadOnlyDictionary<string, long> requests)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            while (_samples.TryPeek(out var oldest) && now - oldest.At > Window)
                _samples.Dequeue();
            Dictionary<string, double> rates = new(StringComparer.Ordinal);
            foreach (var (id, count) in requests)
            {
                var earlier = _samples.FirstOrDefault(sample => sample.Requests.ContainsKey(id));
                if (earlier.Requests is not null && now - earlier.At >= Spacing)
                    rates[id] = Math.Max(0, count - earlier.Requests[id]) / (now - earlier.At).TotalSeconds;
            }

            if (_samples.Count == 0 || now - _samples.Last().At >= Spacing)
                _samples.Enqueue((now, requests));
            return rates;
        }
    }
}
