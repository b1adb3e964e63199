using System.Net;
using System.Net.Sockets;
using Dewy.Engine.Proxy.Http1;
using Dewy.Tests;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.Engine.Tests.Proxy.Http1;

public sealed class ConnectionPoolTests : IDisposable
{
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new();
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Queue<Socket> _accepted = [];
    private readonly TaskCompletionSource<Socket> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConnectionPool _pool;

    public ConnectionPoolTests()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(16);
        _pool = new ConnectionPool(ConnectAsync, IdleTimeout, _time);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _pool.Dispose();
        _listener.Dispose();
        foreach (var socket in _accepted)
            socket.Dispose();
    }

    [Fact]
    public async Task TryTake_SeveralAtRest_GivesTheLastThatCame()
    {
        var (one, two) = (await OpenAsync(), await OpenAsync());
        Assert.Null(_pool.TryTake(makeSure: false));
        _pool.Return(one);
        _pool.Return(two);
        Assert.Same(two, _pool.TryTake(makeSure: false));
        Assert.Same(one, _pool.TryTake(makeSure: true));
        Assert.True(one.IsUsed);
        Assert.Null(_pool.TryTake(makeSure: false));
    }

    [Fact]
    public async Task TryTake_RestedTooLong_IsClosedInGoodOrder()
    {
        _pool.Return(await OpenAsync());
        _time.Advance(ConnectionPool.RestLimit);
        Assert.Null(_pool.TryTake(makeSure: false));
        Assert.Equal(0, await _accepted.Peek().ReceiveAsync(new byte[1], Cancelled));
    }

    [Fact]
    public async Task Look_RestedTooLong_IsClosedWithoutBeingAskedFor()
    {
        _pool.Return(await OpenAsync());
        var closed = _accepted.Peek().ReceiveAsync(new byte[1], Cancelled).AsTask();
        for (var second = 0; second < 10; second++)
            _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, await closed.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TryTake_ClosedOrSpokenMeanwhile_IsNotGiven(bool speaks)
    {
        var connection = await OpenAsync();
        _pool.Return(connection);
        if (speaks)
            await _accepted.Peek().SendAsync("HTTP/1.1 408 Too late\r\n\r\n"u8.ToArray(), Cancelled);
        else
            _accepted.Peek().Dispose();
        await Eventually.IsTrueAsync(() => connection.Reader.HasNews, "it is known");
        Assert.Null(_pool.TryTake(makeSure: false));
    }

    [Fact]
    public async Task TryTake_ClosedJustNow_IsNotGivenWhereItMatters()
    {
        for (var number = 0; number < 20; number++)
        {
            _pool.Return(await OpenAsync());
            var other = _accepted.Dequeue();
            other.Shutdown(SocketShutdown.Send);
            Assert.Null(_pool.TryTake(makeSure: true)); // at once, before the event can have been seen
            other.Dispose();
        }
    }

    [Fact]
    public async Task Return_PoolIsClosed_IsClosed()
    {
        var connection = await OpenAsync();
        _pool.Dispose();
        _pool.Return(connection);
        Assert.Null(_pool.TryTake(makeSure: false));
        Assert.Equal(0, await ReceiveAsync(_accepted.Peek()));
    }

    [Fact]
    public async Task Cut_InUseAndAtRest_AreBrokenOffAndNoneIsGivenAgain()
    {
        var (used, resting) = (await OpenAsync(), await OpenAsync());
        _pool.Return(resting);
        var reading = used.Reader.ReadAsync();
        _pool.Cut();
        Assert.False(await reading);
        Assert.Equal(BreakCause.Cut, used.Cause);
        Assert.True(used.Broken.IsCancellationRequested);
        Assert.Null(_pool.TryTake(makeSure: false));
        Assert.Equal(BreakCause.Cut, (await OpenAsync()).Cause);
        _pool.Close(used);
    }

    [Fact]
    public async Task Look_QuietInUse_IsBrokenOffAtTheTimeout()
    {
        var connection = await OpenAsync();
        for (var second = 0; second < 90; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            if (second < 30)
                connection.Moved();
        }

        Assert.Equal(BreakCause.None, connection.Cause);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(BreakCause.Idle, connection.Cause);
        _pool.Close(connection);
    }

    [Fact]
    public void BreakIfQuiet_JustConnected_IsNotQuietSinceEver()
    {
        using var connection = new BackendConnection(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        connection.BreakIfQuiet(_time, IdleTimeout);
        Assert.Equal(BreakCause.None, connection.Cause);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Open_AfterALossWhereItMatters_WaitsIfItStaysOpen(bool stays)
    {
        _pool.NoteLoss();
        var opening = _pool.OpenAsync(makeSure: true, Cancelled).AsTask();
        using var accepted = await _listener.AcceptAsync(Cancelled);
        if (!stays)
        {
            accepted.Close();
            Assert.True((await _connected.Task).Poll(TimeSpan.FromSeconds(30), SelectMode.SelectRead), "It was closed.");
        }

        await Eventually.IsTrueAsync(
            () =>
            {
                _time.Advance(ConnectionPool.ProofTime); // once it waits, which cannot be seen
                return opening.IsCompleted;
            },
            "it knows");
        if (stays)
            _pool.Close(await opening);
        else
            Assert.Equal(SocketError.ConnectionReset, (await Assert.ThrowsAsync<SocketException>(() => opening)).SocketErrorCode);
    }

    [Fact]
    public async Task Open_LongAfterALoss_DoesNotWait()
    {
        _pool.NoteLoss();
        _time.Advance(ConnectionPool.DoubtTime);
        _pool.Close(await OpenAsync(makeSure: true));
    }

    private static async Task<int> ReceiveAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1], Cancelled);
        }
        catch (SocketException)
        {
            return 0; // a reset is an end too
        }
    }

    private async Task<BackendConnection> OpenAsync(bool makeSure = false)
    {
        var connection = await _pool.OpenAsync(makeSure, Cancelled);
        _accepted.Enqueue(await _listener.AcceptAsync(Cancelled));
        return connection;
    }

    private async ValueTask<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_listener.LocalEndPoint ?? throw new InvalidOperationException("It is bound."), cancellationToken);
        _connected.TrySetResult(socket);
        return socket;
    }
}
