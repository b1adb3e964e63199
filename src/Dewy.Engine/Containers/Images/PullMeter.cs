using Docker.DotNet.Models;

namespace Dewy.Engine.Containers.Images;

/// <summary>Adds up what an engine reports of each layer, and tells it at most five times a second.</summary>
/// <param name="image">The image, by digest.</param>
/// <param name="onMessage">Called for every sign of life.</param>
/// <param name="events">Gets the progress.</param>
/// <param name="time">The clock.</param>
internal sealed class PullMeter(string image, Action onMessage, IEngineEventSink events, TimeProvider time) : IProgress<JSONMessage>
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(200);
    private const int MostLayers = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Layer> _layers = new(StringComparer.Ordinal);
    private long? _lastTimestamp;
    private string? _error;

    /// <summary>What the engine gave up with; null while nothing went wrong.</summary>
    public string? Error
    {
        get
        {
            lock (_gate)
                return _error;
        }
    }

    /// <inheritdoc/>
    public void Report(JSONMessage value)
    {
        ArgumentNullException.ThrowIfNull(value);
        onMessage();
        lock (_gate)
        {
            if (value.Error is { } error)
                _error = error.Message ?? "no reason given";
            if (value is { ID: { Length: > 0 } id, Status: { } status } && Read(id, status, value.Progress))
                Publish(isLast: false);
        }
    }

    /// <summary>The last word.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            foreach (var (id, layer) in _layers.ToList())
                _layers[id] = new Layer(layer.Total, layer.Total, Done: true);
            if (_layers.Count > 0)
                Publish(isLast: true);
        }
    }

    /// <returns>Whether there is news of a layer.</returns>
    private bool Read(string id, string status, JSONProgress? progress)
    {
        var known = _layers.GetValueOrDefault(id);
        if (known is null && (_layers.Count == MostLayers || status.StartsWith("Pulling from", StringComparison.Ordinal)))
            return false; // the line about the repository has an id as well: the tag or digest
        known ??= new Layer(0, 0, Done: false);
        _layers[id] = status switch
        {
            "Downloading" => known with { Bytes = progress?.Current ?? known.Bytes, Total = progress?.Total is > 0 and { } total ? total : known.Total },
            "Download complete" or "Verifying Checksum" => known with { Bytes = known.Total },
            "Pull complete" or "Already exists" => new Layer(known.Total, known.Total, Done: true),
            _ => known,
        };
        return true;
    }

    private void Publish(bool isLast)
    {
        if (!isLast && _lastTimestamp is { } last && time.GetElapsedTime(last) < ShortestInterval)
            return;
        _lastTimestamp = time.GetTimestamp();
        var total = _layers.Values.Sum(layer => layer.Total);
        events.Publish(new ImagePullProgressed(image, _layers.Values.Sum(layer => layer.Bytes), total > 0 ? total : null, _layers.Values.Count(layer => layer.Done), _layers.Count) { Time = time.GetUtcNow() });
    }

    private sealed record Layer(long Bytes, long Total, bool Done);
}
