using System.Collections.Concurrent;
using Dewy.EndToEnd.Tests.Hosting;

namespace Dewy.EndToEnd.Tests.Replicas.Load;

/// <summary>One kind of exchange, again and again until it is stopped: at a constant rate whatever the answers do, or one after the other.</summary>
internal sealed class ExchangeLoad : IAsyncDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(90);

    private readonly Func<CancellationToken, Task<string>> _exchange;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Answer> _answers = [];
    private readonly Task _running;

    private ExchangeLoad(string kind, Func<CancellationToken, Task<string>> exchange, Func<ExchangeLoad, Task> run)
    {
        Kind = kind;
        _exchange = exchange;
        _running = Task.Run(() => run(this));
    }

    /// <summary>What it is, for people.</summary>
    public string Kind { get; }

    public IReadOnlyCollection<Answer> Answers => _answers;

    public IReadOnlyList<Answer> Failures => [.. _answers.Where(answer => answer.Failure is not null)];

    /// <summary>The failures as a message for an assertion; empty where there are none.</summary>
    public string Complaints => string.Join("; ", Failures.Take(5).Select(failure => $"{Kind} from {failure.Began:HH:mm:ss.fff} to {failure.Ended:HH:mm:ss.fff}: {failure.Failure}"));

    /// <summary>Open loop: an exchange is due when it is due.</summary>
    /// <param name="kind">What it is, for people.</param>
    /// <param name="perSecond">How many begin each second.</param>
    /// <param name="exchange">Returns the version that answered, as the first word; throws where something was lost.</param>
    public static ExchangeLoad Steady(string kind, int perSecond, Func<CancellationToken, Task<string>> exchange) => new(kind, exchange, load => load.KeepPaceAsync(TimeSpan.FromSeconds(1) / perSecond));

    /// <summary>For exchanges that take their time: so many at once, each followed by another.</summary>
    public static ExchangeLoad Repeated(string kind, int atOnce, Func<CancellationToken, Task<string>> exchange) =>
        new(kind, exchange, load => Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => load.RepeatAsync())));

    /// <summary>Begins no more, and waits for what has begun.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task KeepPaceAsync(TimeSpan pace)
    {
        var open = new List<Task>();
        using var timer = new PeriodicTimer(pace);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                open.Add(RunOnceAsync());
                open.RemoveAll(task => task.IsCompletedSuccessfully);
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }

        await Task.WhenAll(open);
    }

    private async Task RepeatAsync()
    {
        while (!_stop.IsCancellationRequested)
            await RunOnceAsync();
    }

    private async Task RunOnceAsync()
    {
        var began = DateTimeOffset.UtcNow;
        using var limit = new CancellationTokenSource(AnswerLimit);
        try
        {
            _answers.Enqueue(new Answer(began, DateTimeOffset.UtcNow, await _exchange(limit.Token), Failure: null, Refused: false) with { Ended = DateTimeOffset.UtcNow });
        }
        catch (Exception exception)
        {
            // The root of an exchange: whatever it was, it was lost.
            _answers.Enqueue(new Answer(began, DateTimeOffset.UtcNow, Body: null, $"{exception.GetType().Name}: {exception.Message} {exception.InnerException?.Message}", Refused: false));
        }
    }
}
