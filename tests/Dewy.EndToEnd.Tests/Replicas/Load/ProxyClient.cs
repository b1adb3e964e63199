using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Dewy.TestReplica;
using Grpc.Core;
using Grpc.Net.Client;

namespace Dewy.EndToEnd.Tests.Replicas.Load;

/// <summary>
/// A client of the test replica behind a proxy, one method for each kind of exchange. Each returns the version that answered
/// and fails where anything of the answer is missing or is of another version.
/// </summary>
/// <param name="port">The proxy's, for HTTP/1.1 and HTTP/2.</param>
/// <param name="grpcPort">The proxy's port that leads to the replicas' HTTP/2.</param>
/// <param name="tcpPort">The proxy's port that passes on what is said to the replicas' HTTP/1.1, whatever it is.</param>
internal sealed class ProxyClient(int port, int grpcPort, int tcpPort) : IDisposable
{
    private const int DownloadBytes = 640 << 10;
    private const int UploadBytes = 256 << 10;
    private const int Chunks = 40;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongPause = TimeSpan.FromMilliseconds(500);
    private static readonly string DownloadDigest = Pattern.Digest(DownloadBytes);
    private static readonly string UploadDigest = Pattern.Digest(UploadBytes);

    private static readonly Method<byte[], byte[]> Watch = new(
        MethodType.ServerStreaming, "replica.Replica", "Watch", Marshallers.Create(bytes => bytes, bytes => bytes), Marshallers.Create(bytes => bytes, bytes => bytes));

    private readonly HttpClient _http1 = Client(HttpVersion.Version11);
    private readonly HttpClient _tcp = Client(HttpVersion.Version11, connectionLifetime: TimeSpan.Zero);
    private readonly HttpClient _http2 = Client(HttpVersion.Version20);
    private readonly GrpcChannel _grpc = GrpcChannel.ForAddress($"http://127.0.0.1:{grpcPort}");

    private int _farewells;

    /// <summary>WebSockets that were told to go.</summary>
    public int Farewells => Volatile.Read(ref _farewells);

    /// <summary>One short request over HTTP/2 without TLS, by prior knowledge.</summary>
    public Task<string> GetOverHttp2Async(CancellationToken cancellationToken) => _http2.GetStringAsync(Address("/"), cancellationToken);

    /// <summary>A stream of lines over HTTP/2, about two seconds long.</summary>
    public async Task<string> StreamOverHttp2Async(CancellationToken cancellationToken)
    {
        const int lines = 20;
        var text = await _http2.GetStringAsync(Address($"/stream?count={lines}&pause=100"), cancellationToken);
        return SameVersion([.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)], lines);
    }

    /// <summary>A download of about four seconds, byte-exact.</summary>
    public Task<string> DownloadAsync(CancellationToken cancellationToken) => DownloadAsync(_http1, port, Pause, cancellationToken);

    /// <summary>The same through the port for plain TCP, over a connection of its own.</summary>
    public Task<string> DownloadOverTcpAsync(CancellationToken cancellationToken) => DownloadAsync(_tcp, tcpPort, Pause, cancellationToken);

    /// <summary>One of about twenty seconds, which outlives several releases.</summary>
    public Task<string> DownloadSlowlyAsync(CancellationToken cancellationToken) => DownloadAsync(_http1, port, LongPause, cancellationToken);

    private static async Task<string> DownloadAsync(HttpClient client, int port, TimeSpan pause, CancellationToken cancellationToken)
    {
        using var response = await client.GetAsync(Address(port, $"/download?bytes={DownloadBytes}&pause={pause.TotalMilliseconds:0}"), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        var content = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        Expect(DownloadDigest, Convert.ToHexStringLower(SHA256.HashData(content)));
        return response.Headers.GetValues("Version").Single();
    }

    /// <summary>An upload of about four seconds, byte-exact.</summary>
    public Task<string> UploadAsync(CancellationToken cancellationToken) => UploadAsync(Pause, cancellationToken);

    /// <summary>One of about twenty seconds.</summary>
    public Task<string> UploadSlowlyAsync(CancellationToken cancellationToken) => UploadAsync(LongPause, cancellationToken);

    private async Task<string> UploadAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        using var content = new PacedContent(UploadBytes, Chunks, pause);
        using var response = await _http1.PostAsync(Address("/upload"), content, cancellationToken);
        response.EnsureSuccessStatusCode();
        var words = (await response.Content.ReadAsStringAsync(cancellationToken)).Split(' ');
        Expect($"{UploadBytes} {UploadDigest}", $"{words[1]} {words[2]}");
        return words[0];
    }

    /// <summary>A gRPC call answered with a stream, about two seconds long; its status must be good.</summary>
    public async Task<string> WatchAsync(CancellationToken cancellationToken)
    {
        const int count = 20;
        using var call = _grpc.CreateCallInvoker().AsyncServerStreamingCall(Watch, host: null, new CallOptions(cancellationToken: cancellationToken), [0, count, 0, 100]);
        var messages = new List<string>();
        await foreach (var message in call.ResponseStream.ReadAllAsync(cancellationToken))
            messages.Add(Encoding.UTF8.GetString(message));
        return SameVersion(messages, count);
    }

    /// <summary>A WebSocket that is talked over until its server tells it to go; one that is cut fails.</summary>
    public async Task<string> TalkAsync(CancellationToken cancellationToken)
    {
        using var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{port}/socket"), cancellationToken);
        var buffer = new byte[1024];
        var version = "";
        for (var number = 1; number <= 300; number++)
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes($"{number}"), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
            var heard = await socket.ReceiveAsync(buffer, cancellationToken);
            if (heard.MessageType == WebSocketMessageType.Close)
            {
                Interlocked.Increment(ref _farewells);
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, cancellationToken);
                return version.Length > 0 ? version : throw new InvalidOperationException($"it was told to go ({socket.CloseStatus}) before it was answered once");
            }

            var words = Encoding.UTF8.GetString(buffer, 0, heard.Count).Split(' ');
            version = version.Length == 0 ? words[0] : version;
            Expect($"{version} {number}", string.Join(' ', words));
            await Task.Delay(Pause, cancellationToken);
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, cancellationToken);
        return version;
    }

    public void Dispose()
    {
        _http1.Dispose();
        _tcp.Dispose();
        _http2.Dispose();
        _grpc.Dispose();
    }

    private static HttpClient Client(Version version, TimeSpan? connectionLifetime = null) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        PooledConnectionLifetime = connectionLifetime ?? Timeout.InfiniteTimeSpan,
    })
    {
        DefaultRequestVersion = version,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Numbered messages, each with the version that sent it: all of them, in order, of one version.</summary>
    private static string SameVersion(List<string> messages, int count)
    {
        Expect(string.Create(CultureInfo.InvariantCulture, $"{count}"), string.Create(CultureInfo.InvariantCulture, $"{messages.Count}"));
        var version = messages[0].Split(' ')[0];
        for (var number = 1; number <= count; number++)
            Expect($"{version} {number}", messages[number - 1]);
        return version;
    }

    private static void Expect(string expected, string actual)
    {
        if (expected != actual)
            throw new InvalidOperationException($"'{actual}' came, not '{expected}'");
    }

    private Uri Address(string path) => Address(port, path);

    private static Uri Address(int port, string path) => new($"http://127.0.0.1:{port}{path}");
}
