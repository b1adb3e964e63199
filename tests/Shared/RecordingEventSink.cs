using System.Collections.Concurrent;

namespace Dewy.Tests;

/// <summary>Keeps every event and lets a test wait for one.</summary>
internal sealed class RecordingEventSink : IEngineEventSink
{
    private readonly ConcurrentQueue<EngineEvent> _events = new();
    private readonly List<(Func<EngineEvent, bool> Wanted, TaskCompletionSource<EngineEvent> Found)> _waiters = [];

    public IReadOnlyCollection<EngineEvent> Events => _events;

    public IEnumerable<T> Of<T>()
        where T : EngineEvent => _events.OfType<T>();

    public void Publish(EngineEvent engineEvent)
    {
        lock (_waiters)
        {
            _events.Enqueue(engineEvent);
            foreach (var waiter in _waiters.Where(waiter => waiter.Wanted(engineEvent)).ToList())
            {
                _waiters.Remove(waiter);
                waiter.Found.TrySetResult(engineEvent);
            }
        }
    }

    /// <summary>The first event, past or future, that fits; fails after the deadline (default 30 s) with the events seen.</summary>
    public async Task<T> WaitForAsync<T>(Func<T, bool>? wanted = null, TimeSpan? deadline = null)
        where T : EngineEvent
    {
        var found = new TaskCompletionSource<EngineEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool Fits(EngineEvent candidate) => candidate is T typed && (wanted?.Invoke(typed) ?? true);
        lock (_waiters)
        {
            if (_events.FirstOrDefault(Fits) is { } past)
                return (T)past;
            _waiters.Add((Fits, found));
        }

        try
        {
            return (T)await found.Task.WaitAsync(deadline ?? TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"No {typeof(T).Name} came. Seen: {string.Join(", ", _events.Select(seen => seen.GetType().Name))}", exception);
        }
    }
}
