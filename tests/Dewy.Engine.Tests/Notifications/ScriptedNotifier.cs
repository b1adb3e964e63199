using System.Collections.Concurrent;
using Dewy.Engine.Notifications;

namespace Dewy.Engine.Tests.Notifications;

/// <summary>A notifier that does what a test says.</summary>
internal sealed class ScriptedNotifier : INotifier
{
    private readonly ConcurrentQueue<string> _tries = new();

    public Func<NotificationMessage, CancellationToken, Task<NotifierFailure?>> OnSend { get; set; } = (_, _) => Task.FromResult<NotifierFailure?>(null);

    /// <summary>Text of each try.</summary>
    public IReadOnlyCollection<string> Tries => _tries;

    public Task<NotifierFailure?> SendAsync(NotificationMessage message, CancellationToken cancellationToken)
    {
        _tries.Enqueue(message.Text);
        return OnSend(message, cancellationToken);
    }

    public Task<NotifierProbe> ProbeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
