using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Dewy.EndToEnd.Tests.Hosting;

/// <summary>
/// Asks at a constant rate whatever the answers do (open loop: a request is due when it is due), in turn on new and on
/// kept-alive connections. A bare socket client, because a real HTTP client hides lost connections by trying again.
/// </summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    private readonly int _port;
    private readonly TimeSpan _pace;
    private readonly bool _keepsAlive;
    private readonly CancellationTokenSource _stop = new();

    // The one unused for longest comes first, so none is idle for long.
    private readonly ConcurrentQueue<Socket> _keptAlive = [];
    private readonly ConcurrentQueue<Answer> _answers = [];
    private readonly Task _asking;

    /// <param name="port">On the loopback address.</param>
    /// <param name="requestsPerSecond">Open loop.</param>
    /// <param name="keepsAlive">Whether every other request goes over a kept-alive connection. A server that closes idle ones when it ends would make those fail.</param>
    public SteadyLoad(int port, int requestsPerSecond, bool keepsAlive = true)
    {
        _keepsAlive = keepsAlive;
        _port = port;
        _pace = TimeSpan.FromSeconds(1) / requestsPerSecond;
        _asking = Task.Run(AskAsync);
    }

    /// <summary>Everything asked so far that has ended.</summary>
    public IReadOnlyCollection<Answer> Answers => _answers;

    public IReadOnlyList<Answer> Failures => [.. _answers.Where(answer => answer.Failure is not null)];

    public int Refused => _answers.Count(answer => answer.Refused);

    /// <summary>The failures as a message for an assertion; empty where there are none.</summary>
    public string Complaints => string.Join("; ", Failures.GroupBy(failure => failure.Failure).Select(group =>
        $"{group.Count()} x {group.Key} from {group.Min(failure => failure.Began):HH:mm:ss.fff} to {group.Max(failure => failure.Began):HH:mm:ss.fff}"));

    /// <summary>Waits until a version has answered so often.</summary>
    public Task AnsweredByAsync(string tag, int times = 1) => Dewy.Tests.Eventually.IsTrueAsync(
        () => _answers.Count(answer => answer.Tag == tag) >= times, $"{tag} answers {times} times");

    /// <summary>Asks no more, and waits for what was asked.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _asking;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        while (_keptAlive.TryDequeue(out var socket))
            socket.Dispose();
        _stop.Dispose();
    }

    private async Task AskAsync()
    {
        var open = new List<Task>();
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(_pace < TimeSpan.FromMilliseconds(5) ? TimeSpan.FromMilliseconds(5) : _pace);
        try
        {
            for (var count = 0; await timer.WaitForNextTickAsync(_stop.Token);)
            {
                // A timer that comes late makes up for what was due meanwhile.
                for (; count * _pace < Stopwatch.GetElapsedTime(began); count++)
                    open.Add(AskOnceAsync(keepAlive: _keepsAlive && count % 2 == 0));
                open.RemoveAll(task => task.IsCompletedSuccessfully);
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }

        await Task.WhenAll(open);
    }

    private async Task AskOnceAsync(bool keepAlive)
    {
        var began = DateTimeOffset.UtcNow;
        var reused = false;
        Socket? socket = null;
        if (keepAlive)
            reused = _keptAlive.TryDequeue(out socket);
        socket ??= new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var limit = new CancellationTokenSource(AnswerLimit);
        try
        {
            if (!reused)
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _port), limit.Token);
            var close = keepAlive ? "" : "Connection: close\r\n";
            await socket.SendAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: test\r\n{close}\r\n"), limit.Token);
            var (head, body) = await ReadAsync(socket, limit.Token);
            var good = head.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal);
            _answers.Enqueue(new Answer(began, DateTimeOffset.UtcNow, body, good ? null : $"'{head}'", Refused: false));
            if (good && keepAlive && !head.Contains("Connection: close", StringComparison.Ordinal))
            {
                _keptAlive.Enqueue(socket);
                return;
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            var refused = exception is SocketException { SocketErrorCode: SocketError.ConnectionRefused };
            _answers.Enqueue(new Answer(began, DateTimeOffset.UtcNow, null, $"{(reused ? "kept alive" : "new")}: {exception.Message}", refused));
        }

        socket.Dispose();
    }

    private static async Task<(string Head, string Body)> ReadAsync(Socket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[1024];
        var text = "";
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer, cancellationToken);
            if (read == 0)
                return ($"cut short after '{text}'", "");
            text += Encoding.ASCII.GetString(buffer, 0, read);
            var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head < 0)
                continue;
            if (text.Contains("Transfer-Encoding: chunked", StringComparison.Ordinal))
            {
                // One short text is one chunk: its length, itself, and the empty one that ends it.
                if (text.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal))
                    return (text[..head], text[(head + 4)..].Split("\r\n")[1]);
                continue;
            }

            var length = int.Parse(text.Split("Content-Length: ")[1].Split("\r\n")[0]);
            if (text.Length >= head + 4 + length)
                return (text[..head], text[(head + 4)..]);
        }
    }
}
