using System.Collections.Concurrent;

namespace Dewy.Quickstart;

/// <summary>
/// Sends requests at a constant rate whatever the answers do, half of them over kept-alive connections and half over new
/// ones, and checks each answer.
/// </summary>
internal sealed class Load : IAsyncDisposable
{
    private static readonly TimeSpan BetweenRequests = TimeSpan.FromMilliseconds(5);

    private readonly Uri _address;
    private readonly HttpClient _keptAlive = new(new SocketsHttpHandler()) { Timeout = TimeSpan.FromSeconds(10) };
    private readonly HttpClient _new = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = TimeSpan.FromSeconds(10) };
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, int> _versions = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly Task _sending;
    private int _sent;
    private int _failed;

    public Load(Uri address)
    {
        _address = address;
        _sending = SendAllAsync();
    }

    public int Sent => _sent;

    public int Failed => _failed;

    /// <summary>The first failures, for the summary.</summary>
    public IEnumerable<string> Failures => _failures.Take(5);

    public IReadOnlyDictionary<string, int> Versions => _versions;

    /// <summary>Waits until a version has answered so many times.</summary>
    public async Task AnswersAsync(string version, int count, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (_versions.GetValueOrDefault(version) < count)
            await timer.WaitForNextTickAsync(cancellationToken);
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _sending;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _keptAlive.Dispose();
        _new.Dispose();
        _stop.Dispose();
    }

    private async Task SendAllAsync()
    {
        var requests = new List<Task>();
        using var timer = new PeriodicTimer(BetweenRequests);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                requests.RemoveAll(request => request.IsCompleted);
                requests.Add(SendAsync(Interlocked.Increment(ref _sent) % 2 == 0 ? _keptAlive : _new));
            }
        }
        catch (OperationCanceledException)
        {
        }

        await Task.WhenAll(requests);
    }

    private async Task SendAsync(HttpClient client)
    {
        try
        {
            var answer = await client.GetStringAsync(_address, CancellationToken.None);
            if (answer is "v1.0.0" or "v1.1.0")
                _versions.AddOrUpdate(answer, 1, (_, count) => count + 1);
            else
                Fail($"wrong answer '{answer}'");
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or IOException)
        {
            Fail(exception.Message);
        }
    }

    private void Fail(string why)
    {
        Interlocked.Increment(ref _failed);
        _failures.Enqueue(why);
    }
}
