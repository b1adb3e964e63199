using System.Net;
using System.Net.Sockets;
using Dewy.Engine.Proxy.Tcp;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Proxy.Tcp;

public sealed class EpollTransportTests
{
    /// <summary>More than a listener has room for that was told to keep none waiting.</summary>
    private const int TooMany = 8;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connect_NobodyListens_IsRefused()
    {
        using var transport = Epoll.Open();
        using var socket = NewSocket();
        var failure = await Assert.ThrowsAsync<SocketException>(async () => await transport.ConnectAsync(socket, TcpBackend.Nobody(), Cancelled));
        Assert.Equal(SocketError.ConnectionRefused, failure.SocketErrorCode);
    }

    [Fact]
    public async Task Connect_NoWayThere_SaysSo()
    {
        using var transport = Epoll.Open();
        using var socket = NewSocket();
        var failure = await Assert.ThrowsAsync<SocketException>(async () => await transport.ConnectAsync(socket, new IPEndPoint(IPAddress.Broadcast, 1), Cancelled));
        Assert.NotEqual(SocketError.Success, failure.SocketErrorCode);
        Assert.NotEmpty(failure.Message);
    }

    [Fact]
    public async Task Connect_QueueIsFull_WaitsUntilThereIsRoom()
    {
        using var transport = Epoll.Open();
        using var listener = FullListener(out var address);
        var sockets = Enumerable.Range(0, TooMany).Select(_ => NewSocket()).ToList();
        try
        {
            var connecting = sockets.ConvertAll(socket => transport.ConnectAsync(socket, address, Cancelled).AsTask());
            Assert.Contains(connecting, task => !task.IsCompleted);
            using var connected = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
            var accepting = AcceptAsync(listener, connected.Token);
            await Task.WhenAll(connecting);
            await connected.CancelAsync();
            await accepting;
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task Connect_Cancelled_GivesUp()
    {
        using var transport = Epoll.Open();
        using var listener = FullListener(out var address);
        var sockets = Enumerable.Range(0, TooMany).Select(_ => NewSocket()).ToList();
        try
        {
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
            var connecting = sockets.ConvertAll(socket => transport.ConnectAsync(socket, address, enough.Token).AsTask());
            var waiting = connecting.Where(task => !task.IsCompleted).ToList();
            Assert.NotEmpty(waiting);
            await enough.CancelAsync();
            foreach (var task in waiting)
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task Relay_CutBeforeItRuns_ClosesBoth()
    {
        using var transport = Epoll.Open();
        using var client = await SocketPair.ConnectAsync(Cancelled);
        using var backend = await SocketPair.ConnectAsync(Cancelled);
        var relay = transport.Relay(client.Far, backend.Near);
        relay.End(TcpOutcome.Cut);
        Assert.Equal(TcpOutcome.Cut, await relay.RunAsync().WaitAsync(Cancelled));
        await Assert.ThrowsAsync<SocketException>(() => client.Near.ReadToEndAsync(Cancelled));
    }

    private static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private static async Task AcceptAsync(Socket listener, CancellationToken enough)
    {
        try
        {
            while (true)
                (await listener.AcceptAsync(enough)).Dispose();
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            // All are connected.
        }
    }

    private static Socket FullListener(out IPEndPoint address)
    {
        Component.Linux();
        var listener = NewSocket();
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        address = (IPEndPoint?)listener.LocalEndPoint ?? throw new InvalidOperationException("A bound socket has an address.");
        return listener;
    }
}
