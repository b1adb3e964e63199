using System.Threading.Channels;

namespace Dewy.Engine.Admin.Events;

/// <summary>One listener's queue. When it is full the oldest line goes, and is counted.</summary>
internal sealed class EventSubscription : IDisposable
{
    /// <summary>Lines that wait for a slow listener.</summary>
    public const int Capacity = 256;

    private readonly Channel<FeedItem> _queue;
    private readonly Action<EventSubscription> _leave;
    private long _dropped;

    /// <param name="missed">What the listener gets first; at most as many as the feed keeps.</param>
    /// <param name="leave">Takes it off the feed.</param>
    public EventSubscription(IEnumerable<FeedItem> missed, Action<EventSubscription> leave)
    {
        Missed = [.. missed];
        _leave = leave;
        _queue = Channel.CreateBounded<FeedItem>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _dropped));
    }

    /// <summary>What is kept of the time before.</summary>
    public IReadOnlyList<FeedItem> Missed { get; }

    public ChannelReader<FeedItem> Lines => _queue.Reader;

    /// <summary>Lines dropped since the last call.</summary>
    public long TakeDropped() => Interlocked.Exchange(ref _dropped, 0);

    public void Offer(FeedItem item) => _queue.Writer.TryWrite(item);

    public void Dispose() => _leave(this);
}
