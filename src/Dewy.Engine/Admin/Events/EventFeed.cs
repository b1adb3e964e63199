using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dewy.Engine.Diagnostics;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Dewy.Engine.Admin.Events;

/// <summary>
/// The agent's events as lines for whoever listens, the same lines as in its log. The last ones are kept for those who come
/// later or were away; nobody who listens slowly holds up the engine.
/// </summary>
internal sealed class EventFeed : IEngineEventSink, ILogEventSink, IAsyncDisposable
{
    /// <summary>Lines kept for replay.</summary>
    public const int Kept = 500;

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _gate = new();
    private readonly Queue<FeedItem> _kept = new();
    private readonly List<EventSubscription> _subscriptions = [];
    private readonly JsonLogFormatter _formatter;
    private readonly ILoggerFactory _loggers;
    private readonly LogView _view;
    private string _kind = "";
    private bool _passing;
    private long _count;

    public EventFeed(SecretRedactor redactor)
    {
        _formatter = new JsonLogFormatter(redactor);
        var logger = new LoggerConfiguration().MinimumLevel.Debug().WriteTo.Sink(this).CreateLogger();
        _loggers = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Debug).AddSerilog(logger, dispose: true));
        _view = new LogView(_loggers.CreateLogger("Dewy"));
    }

    /// <summary>Tells this run of the agent from others, so that ids of another run are not taken for those of this one.</summary>
    public string Run { get; } = Guid.NewGuid().ToString("N")[..8];

    /// <inheritdoc/>
    public void Publish(EngineEvent engineEvent)
    {
        ArgumentNullException.ThrowIfNull(engineEvent);
        lock (_gate)
        {
            _kind = JsonNamingPolicy.SnakeCaseLower.ConvertName(engineEvent.GetType().Name);
            _passing = engineEvent is DownloadProgressed or ExtractionProgressed or ImagePullProgressed;
            _view.Publish(engineEvent); // comes back as the lines of the event, on this thread
        }
    }

    /// <summary>Takes a line of the event that is being published.</summary>
    void ILogEventSink.Emit(LogEvent logEvent)
    {
        var item = new FeedItem(++_count, Format(logEvent));
        if (!_passing)
        {
            _kept.Enqueue(item);
            if (_kept.Count > Kept)
                _kept.Dequeue();
        }

        foreach (var subscription in _subscriptions)
            subscription.Offer(item);
    }

    /// <summary>Listens from now on, after what is kept.</summary>
    /// <param name="lastEventId">The last id the listener had (<c>Last-Event-ID</c>); null where it had none.</param>
    /// <param name="replay">How many of the lines kept it wants where it had none, or one of another run.</param>
    public EventSubscription Subscribe(string? lastEventId, int replay)
    {
        lock (_gate)
        {
            var missed = After(lastEventId) is { } last
                ? _kept.Where(item => item.Number > last)
                : _kept.TakeLast(replay);
            var subscription = new EventSubscription(missed, Leave);
            _subscriptions.Add(subscription);
            return subscription;
        }
    }

    /// <summary>The id of a line for listeners.</summary>
    public string IdOf(FeedItem item) => $"{Run}-{item.Number}";

    public ValueTask DisposeAsync()
    {
        _loggers.Dispose();
        return ValueTask.CompletedTask;
    }

    private long? After(string? lastEventId) =>
        lastEventId?.Split('-') is [var run, var number] && string.Equals(run, Run, StringComparison.Ordinal) && long.TryParse(number, out var last) ? last : null;

    private void Leave(EventSubscription subscription)
    {
        lock (_gate)
            _subscriptions.Remove(subscription);
    }

    private string Format(LogEvent logEvent)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("event", _kind);
            _formatter.WriteMembers(json, logEvent);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
