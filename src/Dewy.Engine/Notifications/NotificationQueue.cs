using System.Threading.Channels;

namespace Dewy.Engine.Notifications;

/// <summary>
/// What waits for one notifier, and the one worker that sends it, in order. Taking a message never waits; where too many
/// wait the oldest goes. What is given up is told as <see cref="AttentionNeeded"/>, to a sink that sends no notifications.
/// </summary>
internal sealed class NotificationQueue : IAsyncDisposable
{
    /// <summary>Most messages that wait.</summary>
    public const int Capacity = 100;

    private const int LongestQuote = 120;

    private readonly NotificationDelivery _delivery;
    private readonly IEngineEventSink _events;
    private readonly TimeProvider _time;
    private readonly Channel<NotificationMessage> _messages;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _worker;
    private int _dropped;

    /// <param name="delivery">Sends; disposed together with this.</param>
    /// <param name="events">Learns of what is given up.</param>
    /// <param name="time">The clock.</param>
    public NotificationQueue(NotificationDelivery delivery, IEngineEventSink events, TimeProvider time)
    {
        _delivery = delivery;
        _events = events;
        _time = time;
        _messages = Channel.CreateBounded<NotificationMessage>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _dropped));
        _worker = Task.Run(WorkAsync);
    }

    private string Name => _delivery.Address.DisplayName;

    /// <summary>Takes a message, if it is one for this notifier. Returns at once.</summary>
    public void Post(NotificationMessage message)
    {
        if (!_delivery.Address.IsQuiet || message.Kind != NotificationKind.Milestone)
            _messages.Writer.TryWrite(message);
    }

    /// <summary>Takes no more messages and waits until those that wait are sent, but no longer than <paramref name="limit"/>.</summary>
    public async Task FlushAsync(TimeSpan limit)
    {
        _messages.Writer.TryComplete();
        try
        {
            await _worker.WaitAsync(limit, _time);
        }
        catch (TimeoutException)
        {
            await _stop.CancelAsync();
            await _worker;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await FlushAsync(TimeSpan.Zero);
        await _delivery.DisposeAsync();
        _stop.Dispose();
    }

    private async Task WorkAsync()
    {
        // Not cancelled: the writer's completion ends it, and once there is no time left each message is given up at once.
        await foreach (var message in _messages.Reader.ReadAllAsync(CancellationToken.None))
        {
            TellDropped();
            await SendAsync(message);
        }

        TellDropped();
    }

    private async Task SendAsync(NotificationMessage message)
    {
        NotifierFailure? last = null;
        try
        {
            last = await _delivery.DeliverAsync(message, failure => last = failure, _stop.Token);
            if (last is not null)
                TellLost(message, last);
        }
        catch (OperationCanceledException)
        {
            TellLost(message, last ?? new NotifierFailure("there was no time left before the end", "Look into why the service is slow", IsTransient: true));
        }
        catch (Exception exception)
        {
            // The root of a message: the next one gets its own chance.
            TellLost(message, new NotifierFailure($"{exception.GetType().Name}: {exception.Message.TrimEnd('.')}", "This is a defect of Dewy: please report it", IsTransient: false));
        }
    }

    private void TellLost(NotificationMessage message, NotifierFailure failure) =>
        Tell($"The notification \"{ShortText.Of(message.Text, LongestQuote)}\" was not delivered to {Name}: {failure.Reason}.", failure.NextStep + ".");

    private void TellDropped()
    {
        if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var count)
            Tell($"{count} notifications to {Name} were dropped: more than {Capacity} were waiting.", "Look into why the service is slow, or add quiet=true to send less.");
    }

    private void Tell(string message, string nextStep) =>
        _events.Publish(new AttentionNeeded(_delivery.Clean(message), Name, nextStep) { Time = _time.GetUtcNow() });
}
