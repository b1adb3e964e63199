using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Dewy.Engine.Admin;
using Dewy.Engine.Admin.Events;
using Dewy.Engine.Diagnostics;

namespace Dewy.Tests.Admin;

/// <summary>A real admin API in front of a scripted agent, and a client of it.</summary>
internal sealed class AdminUnderTest : IAsyncDisposable
{
    public const string Token = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private readonly TimeProvider _time;
    private readonly MetricsAnswer? _metrics;
    private AdminServer? _server;

    private AdminUnderTest(TimeProvider time, MetricsAnswer? metrics, int port)
    {
        _time = time;
        _metrics = metrics;
        Feed = new EventFeed(Redactor);
        Port = port;
        Client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            MaxConnectionsPerServer = 100, // fewer than the server admits; it closes those that are too many
        })
        {
            BaseAddress = Address,
        };
    }

    public ScriptedOperations Agent { get; } = new();

    public SecretRedactor Redactor { get; } = new();

    public EventFeed Feed { get; }

    public RecordingEventSink Events { get; } = new();

    public int Port { get; }

    public Uri Address => new($"http://127.0.0.1:{Port}/");

    public HttpClient Client { get; }

    public static async Task<AdminUnderTest> StartAsync(CancellationToken cancellationToken, TimeProvider? time = null, MetricsAnswer? metrics = null)
    {
        // Bound and let go again: another program may take it first, then the next ones are tried.
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var first = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var sockets = AdminSockets.Open(new AdminOptions { Port = Math.Min(first, IPEndPoint.MaxPort - AdminSockets.Attempts) });
        var under = new AdminUnderTest(time ?? TimeProvider.System, metrics, sockets.Url?.Port ?? 0);
        await under.OpenAsync(sockets, cancellationToken);
        return under;
    }

    /// <summary>Ends the server as an agent does that stops; the client stays.</summary>
    public async Task CloseAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _server = null;
    }

    /// <summary>Starts it again on the same port.</summary>
    public Task ReopenAsync(CancellationToken cancellationToken) => OpenAsync(AdminSockets.Open(new AdminOptions { Port = Port }), cancellationToken);

    /// <summary>Sends an order with the token.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, string body, CancellationToken cancellationToken, string? token = Token, Action<HttpRequestMessage>? change = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        change?.Invoke(request);
        return Client.SendAsync(request, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await CloseAsync();
        await Feed.DisposeAsync();
    }

    private async Task OpenAsync(AdminSockets sockets, CancellationToken cancellationToken) => _server = await AdminServer.StartAsync(
        new AdminServerParts
        {
            Sockets = sockets,
            Agent = Agent,
            Feed = Feed,
            Token = () => Token,
            Redactor = Redactor,
            Events = Events,
            Time = _time,
            Version = "1.2.3",
            Metrics = _metrics,
        },
        cancellationToken);
}
