using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Dewy.Engine.Tests.Proxy.Http1;

/// <summary>
/// One request over HTTP/2, in frames as a test wants them: with trailers, or with what no client would send. Fields are
/// written without compression (RFC 7541, 6.2.2); of the answer only the data is read.
/// </summary>
internal sealed class Http2Connection(Socket socket) : IDisposable
{
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte Reset = 3;
    private const byte Settings = 4;
    private const byte GoAway = 7;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;
    private const int StreamId = 1;

    private readonly NetworkStream _stream = new(socket, ownsSocket: true);

    public static async Task<Http2Connection> OpenAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(endPoint, cancellationToken);
        var connection = new Http2Connection(socket);
        await connection._stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), cancellationToken);
        await connection.SendAsync(Settings, flags: 0, stream: 0, [], cancellationToken);
        return connection;
    }

    public Task SendHeadersAsync(IReadOnlyList<(string Name, string Value)> fields, bool endsStream, CancellationToken cancellationToken)
    {
        var block = new List<byte>();
        foreach (var (name, value) in fields)
            block.AddRange([0, (byte)name.Length, .. Encoding.Latin1.GetBytes(name), (byte)value.Length, .. Encoding.Latin1.GetBytes(value)]);
        return SendAsync(Headers, (byte)(EndHeaders | (endsStream ? EndStream : 0)), StreamId, [.. block], cancellationToken);
    }

    public Task SendDataAsync(byte[] data, bool endsStream, CancellationToken cancellationToken) => SendAsync(Data, endsStream ? EndStream : (byte)0, StreamId, data, cancellationToken);

    /// <summary>The data of the answer; ends with <c>!</c> where the stream was reset or the connection given up.</summary>
    public async Task<string> ReadDataAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var header = new byte[9];
        while (true)
        {
            await _stream.ReadExactlyAsync(header, cancellationToken);
            var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(header) >> 8];
            await _stream.ReadExactlyAsync(payload, cancellationToken);
            var (type, flags) = (header[3], header[4]);
            if (type == Data)
                text.Append(Encoding.Latin1.GetString(payload));
            if (type is Reset or GoAway)
                return text.Append('!').ToString();
            if (type is Data or Headers && (flags & EndStream) != 0)
                return text.ToString();
        }
    }

    public void Dispose() => _stream.Dispose();

    private async Task SendAsync(byte type, byte flags, int stream, byte[] payload, CancellationToken cancellationToken)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        await _stream.WriteAsync(frame, cancellationToken);
    }
}
