using System.Net;
using System.Net.Sockets;
using Dewy.Engine.Processes;
using Dewy.Engine.Proxy;
using Dewy.Engine.Proxy.Backends;
using Dewy.Tests;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Dewy.Engine.Tests.Proxy;

public sealed class ProxyServerTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_SeveralPorts_EachHasItsMapping()
    {
        await using var one = await TestBackend.StartNamedAsync("one");
        await using var two = await TestBackend.StartNamedAsync("two");
        await using var proxy = await RunningProxy.StartAsync(RunningProxy.Options("127.0.0.1:0", "localhost:0"));
        proxy.Backends.Add("both", [one.EndPoint, two.EndPoint]);
        var addresses = proxy.Server.GetStatus("p").Listen;
        Assert.Equal("one", await proxy.Client.GetStringAsync(new Uri($"http://{addresses[0]}/"), Cancelled));
        Assert.Equal("two", await proxy.Client.GetStringAsync(new Uri($"http://{addresses[1]}/"), Cancelled));
        Assert.Equal(addresses, Assert.Single(proxy.Events.Of<ProxyStarted>()).Addresses);
    }

    [Fact]
    public async Task Start_PortInUse_SaysSoAndLeavesNothingOpen()
    {
        using var taken = ListeningSocket.Open(ListenAddress.ParseAll(["127.0.0.1:0"])[0]);
        using var free = ListeningSocket.Open(ListenAddress.ParseAll(["127.0.0.1:0"])[0]);
        var port = free.Address.Spec;
        free.Dispose();
        var failure = await Assert.ThrowsAsync<DewyException>(() => RunningProxy.StartAsync(RunningProxy.Options(port, taken.Address.Spec)));
        Assert.Equal(ErrorCode.PortInUse, failure.Code);
        using var again = ListeningSocket.Open(ListenAddress.ParseAll([port])[0]);
    }

    [Fact]
    public async Task Start_InheritedSocket_IsServedFrom()
    {
        Component.Require("unix", !OperatingSystem.IsWindows(), "only Unix hands sockets over");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen(16);
        var descriptor = Duplicate((int)socket.Handle);
        using var inherited = InheritedSockets.FromDescriptors(descriptor, 1);
        using var early = new TcpClient();
        await early.ConnectAsync((IPEndPoint)socket.LocalEndPoint!, Cancelled); // bound above; waits in its queue
        var options = RunningProxy.Options($"{socket.LocalEndPoint}");
        var events = new RecordingEventSink();
        await using var backend = await TestBackend.StartNamedAsync("b");
        await using var set = new BackendSet(options, events, TimeProvider.System);
        set.Add("b", [backend.EndPoint]);
        await using var server = new ProxyServer(options, set, events, TimeProvider.System);
        await server.StartAsync(inherited, Cancelled);
        Assert.Equal(0, inherited.Count);
        using var client = new RawConnection(early.Client);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", Cancelled);
        Assert.StartsWith("HTTP/1.1 200", await client.ReadToEndAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_UnixSocket_IsServed()
    {
        Component.Require("unix", !OperatingSystem.IsWindows(), "this needs Unix-domain sockets");
        using var directory = new TemporaryDirectory();
        var path = directory.Combine("p.sock");
        var options = RunningProxy.Options(path);
        var events = new RecordingEventSink();
        await using var backend = await TestBackend.StartAsync(context => context.Response.WriteAsync($"[{context.Request.Headers["X-Forwarded-For"]}]", Cancelled));
        await using var set = new BackendSet(options, events, TimeProvider.System);
        set.Add("b", [backend.EndPoint]);
        await using (var server = new ProxyServer(options, set, events, TimeProvider.System))
        {
            await server.StartAsync(null, Cancelled);
            using var client = new HttpClient(new SocketsHttpHandler
            {
                ConnectCallback = async (_, token) =>
                {
                    var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), token);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            });
            Assert.Equal("[]", await client.GetStringAsync(new Uri("http://localhost/"), Cancelled));
        }

        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Stop_RequestInFlight_FinishesWhileThePortIsClosed()
    {
        var (begun, go) = (New(), New());
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            begun.SetResult();
            await go.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
            await context.Response.WriteAsync("done", Cancelled);
        });
        await using var proxy = await RunningProxy.StartAsync(backend);
        var inFlight = proxy.Client.GetStringAsync(proxy.Address, Cancelled);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        var stop = proxy.Server.StopAsync(Cancelled);
        await Eventually.IsTrueAsync(() => !CanConnect(proxy.EndPoint), "the port is closed");
        Assert.False(stop.IsCompleted);
        go.SetResult();
        Assert.Equal("done", await inFlight);
        Assert.Equal(0, await stop.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
        Assert.Equal(0, Assert.Single(proxy.Events.Of<ProxyStopped>()).Ended);
    }

    [Fact]
    public async Task Stop_RequestThatDoesNotEnd_IsCutAtTheLimitAndCounted()
    {
        var begun = New();
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await using var proxy = await RunningProxy.StartAsync(RunningProxy.Options() with { DrainTime = TimeSpan.FromSeconds(0.5) }, backend);
        var inFlight = proxy.Client.GetStringAsync(proxy.Address, Cancelled);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        Assert.Equal(1, await proxy.Server.StopAsync(Cancelled).WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => inFlight);
    }

    [Fact]
    public async Task Stop_IdleConnections_AreNotWaitedFor()
    {
        await using var backend = await TestBackend.StartNamedAsync("b");
        await using var proxy = await RunningProxy.StartAsync(backend);
        using var silent = await proxy.ConnectAsync(Cancelled);
        await proxy.Client.GetStringAsync(proxy.Address, Cancelled);
        Assert.Equal(0, await proxy.Server.StopAsync(Cancelled).WaitAsync(TimeSpan.FromSeconds(15), Cancelled));
    }

    [Fact]
    public async Task Observer_Connection_IsToldWithEveryByte()
    {
        const string request = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
        var observer = new RecordingObserver();
        var options = RunningProxy.Options();
        await using var backend = await TestBackend.StartAsync(context => context.Response.WriteAsync(new string('x', 100_000)));
        await using var set = new BackendSet(options, new RecordingEventSink(), TimeProvider.System, observer);
        set.Add("b", [backend.EndPoint]);
        await using var server = new ProxyServer(options, set, new RecordingEventSink(), TimeProvider.System, observer);
        await server.StartAsync(null, Cancelled);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPEndPoint.Parse(server.Addresses[0].Spec), Cancelled);
        using var client = new RawConnection(socket);

        await client.SendAsync(request, Cancelled);
        var answer = await client.ReadToEndAsync(Cancelled);

        Assert.Equal((0, (long)request.Length + answer.Length), await observer.Gone.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
        Assert.Equal((1, 1), (observer.Connections, observer.BackendConnections));
    }

    [Fact]
    public async Task Observer_EachExchange_IsToldWithItsBackend()
    {
        var observer = new RecordingObserver();
        var options = RunningProxy.Options();
        var events = new RecordingEventSink();
        await using var backend = await TestBackend.StartAsync(context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        await using var set = new BackendSet(options, events, TimeProvider.System);
        set.Add("b", [backend.EndPoint]);
        await using var server = new ProxyServer(options, set, events, TimeProvider.System, observer);
        await server.StartAsync(null, Cancelled);
        using var client = new HttpClient();
        (await client.GetAsync(new Uri($"http://{server.Addresses[0].Spec}/"), Cancelled)).Dispose();
        var seen = await observer.First.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        Assert.Equal((0, "GET", "HTTP/1.1", 503, true, "b"), (seen.Port, seen.Method, seen.Protocol, seen.Status, seen.Failed, seen.Backend));
        var status = server.GetStatus("app");
        Assert.Equal(("app", 1L, 1L, 0), (status.Name, status.Requests, status.Failures, status.InFlight));
        Assert.Equal((1L, 1L), (status.Backends[0].Requests, status.Backends[0].Failures));
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static bool CanConnect(IPEndPoint endPoint)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(endPoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "dup")]
    [System.Runtime.InteropServices.DefaultDllImportSearchPaths(System.Runtime.InteropServices.DllImportSearchPath.SafeDirectories)]
    private static extern int Duplicate(int descriptor);

    private sealed class RecordingObserver : IProxyObserver
    {
        public TaskCompletionSource<ProxyExchange> First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<(int Port, long Bytes)> Gone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Connections { get; private set; }

        public int BackendConnections { get; private set; }

        public void Ended(in ProxyExchange exchange) => First.TrySetResult(exchange);

        public void Connected(int port) => Connections++;

        public void Disconnected(int port, TimeSpan duration, long bytes) => Gone.TrySetResult((port, bytes));

        public void BackendConnected(int port, TimeSpan latency) => BackendConnections++;
    }
}
