using System.Net.Sockets;
using System.Text;

namespace Dewy.Engine.Tests.Proxy;

/// <summary>A client that says exactly what a test wants it to say.</summary>
internal sealed class RawConnection(Socket socket) : IDisposable
{
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);
    private readonly StringBuilder _received = new();

    public Socket Socket => socket;

    public async Task SendAsync(string text, CancellationToken cancellationToken) =>
        await _stream.WriteAsync(Encoding.Latin1.GetBytes(text), cancellationToken);

    /// <summary>Reads until what came holds the text, or until the end.</summary>
    public async Task<string> ReadUntilAsync(string text, CancellationToken cancellationToken)
    {
        while (!_received.ToString().Contains(text, StringComparison.Ordinal) && await ReadSomeAsync(cancellationToken))
        {
        }

        return _received.ToString();
    }

    /// <summary>Reads to the end; a reset is one.</summary>
    public async Task<string> ReadToEndAsync(CancellationToken cancellationToken)
    {
        while (await ReadSomeAsync(cancellationToken))
        {
        }

        return _received.ToString();
    }

    public void Dispose() => _stream.Dispose();

    private async Task<bool> ReadSomeAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        try
        {
            var read = await _stream.ReadAsync(buffer, cancellationToken);
            _received.Append(Encoding.Latin1.GetString(buffer, 0, read));
            return read > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
