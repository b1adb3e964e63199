using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Dewy.Engine.Tests.Processes;

/// <summary>
/// Asks at a constant rate whatever the answers do (open loop), in turn on new connections and on kept-alive ones. It is a
/// bare socket client, because a real HTTP client hides lost connections by trying again.
/// </summary>
internal sealed class SteadyClient : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(20);

    private readonly EndPoint _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Socket> _keptAlive = [];
    private readonly Task _asking;

    public SteadyClient(EndPoint server)
    {
        _server = server;
        _asking = AskAsync();
    }

    /// <summary>Bodies of the answers.</summary>
    public ConcurrentBag<string> Answers { get; } = [];

    /// <summary>What went wrong: refused, reset, cut short, not 200.</summary>
    public ConcurrentBag<string> Failures { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var socket in _keptAlive)
            socket.Dispose();
        _stop.Dispose();
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _asking;
    }

    private async Task AskAsync()
    {
        var open = new List<Task>();
        using var timer = new PeriodicTimer(Pace);
        try
        {
            for (var count = 0; await timer.WaitForNextTickAsync(_stop.Token); count++)
            {
                open.Add(AskOnceAsync(keepAlive: count % 2 == 0));
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
        if (!keepAlive || !_keptAlive.TryTake(out var socket))
            socket = new Socket(_server.AddressFamily, SocketType.Stream, _server is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
        using var limit = new CancellationTokenSource(AnswerLimit);
        try
        {
            if (!socket.Connected)
                await socket.ConnectAsync(_server, limit.Token);
            var close = keepAlive ? "" : "Connection: close\r\n";
            await socket.SendAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: test\r\n{close}\r\n"), limit.Token);
            var answer = await ReadAsync(socket, limit.Token);
            if (!answer.StartsWith("HTTP/1.1 200 OK\r\n", StringComparison.Ordinal))
                Failures.Add($"'{answer}'");
            else
                Answers.Add(answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
            if (keepAlive && !answer.Contains("Connection: close", StringComparison.Ordinal))
            {
                _keptAlive.Add(socket);
                return;
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            Failures.Add($"{(keepAlive ? "kept alive" : "new")}: {exception.Message}");
        }

        socket.Dispose();
    }

    private static async Task<string> ReadAsync(Socket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[1024];
        var text = "";
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer, cancellationToken);
            text += Encoding.ASCII.GetString(buffer, 0, read);
            var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (read == 0)
                return $"cut short: {text}";
            if (head < 0)
                continue;
            var length = int.Parse(text.Split("Content-Length: ")[1].Split("\r\n")[0]);
            if (text.Length >= head + 4 + length)
                return text;
        }
    }
}
