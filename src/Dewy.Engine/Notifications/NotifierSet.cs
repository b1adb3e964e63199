namespace Dewy.Engine.Notifications;

/// <summary>The notifiers of an application while it is looked after: the view of its events, and a queue each.</summary>
internal sealed class NotifierSet : IAsyncDisposable
{
    /// <summary>How long the end of an agent or a command may wait for messages that are still on their way.</summary>
    public static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyList<NotificationQueue> _queues;

    private NotifierSet(IReadOnlyList<NotificationQueue> queues, string host)
    {
        _queues = queues;
        View = new NotificationView(Post, host);
    }

    /// <summary>Turns events into messages.</summary>
    public NotificationView View { get; }

    /// <summary>Opens the notifiers; nothing is connected yet.</summary>
    /// <param name="addresses">Where messages go.</param>
    /// <param name="services">What notifiers need.</param>
    /// <param name="host">Name of this host.</param>
    /// <param name="events">Learns of what could not be sent; must not lead back to <see cref="View"/>.</param>
    /// <returns>Null where there are no notifiers.</returns>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: the environment lacks what one needs.</exception>
    public static NotifierSet? Open(IReadOnlyList<NotifierAddress> addresses, NotifierServices services, string host, IEngineEventSink events) =>
        addresses.Count == 0 ? null : new NotifierSet([.. NotificationDelivery.Open(addresses, services).Select(delivery => new NotificationQueue(delivery, events, services.Time))], host);

    /// <summary>Waits, within <see cref="FlushLimit"/>, until everything is sent. What comes later is not.</summary>
    public Task FlushAsync() => Task.WhenAll(_queues.Select(queue => queue.FlushAsync(FlushLimit)));

    public async ValueTask DisposeAsync()
    {
        foreach (var queue in _queues)
            await queue.DisposeAsync();
    }

    private void Post(NotificationMessage message)
    {
        foreach (var queue in _queues)
            queue.Post(message);
    }
}
