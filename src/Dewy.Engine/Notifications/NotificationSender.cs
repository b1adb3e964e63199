namespace Dewy.Engine.Notifications;

/// <summary>Sends one message to every notifier and waits for what becomes of it: for a person who wants to know.</summary>
internal static class NotificationSender
{
    /// <summary>Sends to all at the same time; one that fails keeps none of the others from it.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: the environment lacks what one needs.</exception>
    public static async Task<IReadOnlyList<NotificationReceipt>> SendAsync(
        IReadOnlyList<NotifierAddress> addresses, NotifierServices services, NotificationMessage message, CancellationToken cancellationToken) =>
        await Task.WhenAll(NotificationDelivery.Open(addresses, services).Select(delivery => SendAsync(delivery, services.Time, message, cancellationToken)));

    private static async Task<NotificationReceipt> SendAsync(NotificationDelivery delivery, TimeProvider time, NotificationMessage message, CancellationToken cancellationToken)
    {
        await using (delivery)
        {
            var began = time.GetTimestamp();
            var attempts = 0;
            var failure = await delivery.DeliverAsync(message, _ => attempts++, cancellationToken);
            return new NotificationReceipt
            {
                Notifier = delivery.Address.DisplayName,
                Attempts = attempts,
                Duration = time.GetElapsedTime(began),
                Error = failure is null ? null : new DeploymentError
                {
                    Code = ErrorCode.NotifierUnreachable,
                    Message = delivery.Clean($"The message was not delivered to {delivery.Address.DisplayName}: {failure.Reason}."),
                    Target = delivery.Address.DisplayName,
                    NextStep = failure.NextStep + ".",
                },
            };
        }
    }
}
