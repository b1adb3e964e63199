using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Dewy.Engine.Tests.Proxy;

/// <summary>A backend that reads a request's headers, says exactly what a test wants it to say, and closes the connection.</summary>
internal sealed class RawBackend : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly byte[] _answer;
    private Task _serve = Task.CompletedTask;

    private RawBackend(string answer) => _answer = Encoding.Latin1.GetBytes(answer);

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    public static RawBackend Start(string answer)
    {
        var backend = new RawBackend(answer);
        backend._listener.Start();
        backend._serve = backend.ServeAsync();
        return backend;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _serve;
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                var stream = client.GetStream();
                var seen = new StringBuilder();
                var buffer = new byte[1024];
                while (!seen.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
                {
                    var read = await stream.ReadAsync(buffer, _end.Token);
                    if (read == 0)
                        break;
                    seen.Append(Encoding.Latin1.GetString(buffer, 0, read));
                }

                await stream.WriteAsync(_answer, _end.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException or IOException)
        {
            // The test is over, or the other side left.
        }
    }
}
