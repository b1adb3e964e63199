using System.Runtime.CompilerServices;

namespace Dewy.Engine.Diagnostics;

/// <summary>Hands every event to several views. One that fails neither stops the engine nor keeps events from the others.</summary>
public sealed class FanOutEventSink : IEngineEventSink
{
    private readonly (IEngineEventSink Sink, StrongBox<int> Failed)[] _sinks;

    /// <param name="sinks">The views, asked in this order.</param>
    public FanOutEventSink(params IReadOnlyList<IEngineEventSink> sinks) =>
        _sinks = [.. sinks.Select(sink => (sink, new StrongBox<int>()))];

    /// <inheritdoc/>
    public void Publish(EngineEvent engineEvent)
    {
        ArgumentNullException.ThrowIfNull(engineEvent);
        foreach (var (sink, failed) in _sinks)
        {
            if (TryPublish(sink, engineEvent) is { } failure && Interlocked.Exchange(ref failed.Value, 1) == 0)
                TellOthers(sink, failure, engineEvent);
        }
    }

    /// <summary>Said once a view: it may fail with every event.</summary>
    private void TellOthers(IEngineEventSink broken, Exception failure, EngineEvent lost)
    {
        var news = new AttentionNeeded(
            $"{broken.GetType().Name} failed on {lost.GetType().Name} and may have lost events: {failure.Message}",
            broken.GetType().Name,
            "Report this; deployments are not affected.")
        { Time = lost.Time, Application = lost.Application };
        foreach (var (sink, _) in _sinks)
        {
            if (!ReferenceEquals(sink, broken))
                TryPublish(sink, news);
        }
    }

    private static Exception? TryPublish(IEngineEventSink sink, EngineEvent engineEvent)
    {
        try
        {
            sink.Publish(engineEvent);
            return null;
        }
        catch (Exception exception) // a view is a task of its own; nothing of it may reach the engine
        {
            return exception;
        }
    }
}
