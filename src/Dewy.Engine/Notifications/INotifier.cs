namespace Dewy.Engine.Notifications;

/// <summary>Somewhere messages go. Used by one worker at a time.</summary>
internal interface INotifier : IAsyncDisposable
{
    /// <summary>Tries once to send a message, whose secrets are out already. Whoever calls it limits the time.</summary>
    /// <returns>What went wrong; null where the message is delivered.</returns>
    Task<NotifierFailure?> SendAsync(NotificationMessage message, CancellationToken cancellationToken);

    /// <summary>Finds out, without sending anything, what can be found out about whether a message would arrive. Whoever calls it limits the time.</summary>
    Task<NotifierProbe> ProbeAsync(CancellationToken cancellationToken);
}
