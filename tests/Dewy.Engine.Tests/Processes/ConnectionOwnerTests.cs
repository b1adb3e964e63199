using System.Net;
using System.Net.Sockets;
using Dewy.Engine.Processes;
using Dewy.Engine.Replicas;
using Xunit;

namespace Dewy.Engine.Tests.Processes;

/// <summary>Who took a connection; the server is this very process.</summary>
public sealed class ConnectionOwnerTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ConnectionOwnerTests()
    {
        _server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _server.Listen();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IPEndPoint Address => (IPEndPoint)(_server.LocalEndPoint ?? throw new InvalidOperationException("It is bound."));

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Find_TakenByThatProcess_IsTheReplica()
    {
        Require.Linux();
        using var client = await ConnectAsync();
        using var taken = await _server.AcceptAsync(Cancel);

        Assert.Equal(AnsweredBy.Replica, await OwnerOf(Environment.ProcessId).FindAsync(client, Cancel));
        Assert.Equal(AnsweredBy.Other, await OwnerOf(int.MaxValue).FindAsync(client, Cancel));
    }

    [Fact]
    public async Task Find_TakenAndClosedBeforeItWasLookedAt_IsUnknownAtOnce()
    {
        Require.Linux();
        using var client = await ConnectAsync();
        using (var taken = await _server.AcceptAsync(Cancel))
            await taken.SendAsync("too soon"u8.ToArray(), Cancel);

        Assert.Equal(AnsweredBy.Unknown, await OwnerOf(Environment.ProcessId).FindAsync(client, Cancel).WaitAsync(Soon, Cancel));
    }

    /// <summary>A program that answers whatever it reads first must be told apart all the same, or the old version vouches for the new one.</summary>
    [Fact]
    public async Task RunAsync_ServerAnswersBeforeTheWholeRequest_IsStillAttributed()
    {
        Require.Linux();
        var serving = ServeHastilyAsync();

        var report = await new HealthCheck(TimeProvider.System).RunAsync(
            new HealthTarget(Address, "/"), TimeSpan.FromSeconds(1), new TaskCompletionSource().Task, OwnerOf(int.MaxValue).FindAsync, Cancel);

        Assert.False(report.Healthy);
        Assert.StartsWith("only what ran before answered", report.LastAnswer, StringComparison.Ordinal);
        _server.Dispose();
        await serving;
    }

    [Fact]
    public async Task RunAsync_NobodyAccepts_EndsAtTheTimeLimit()
    {
        Require.Linux();

        var report = await new HealthCheck(TimeProvider.System).RunAsync(
            new HealthTarget(Address, "/"), TimeSpan.FromSeconds(0.5), new TaskCompletionSource().Task, OwnerOf(Environment.ProcessId).FindAsync, Cancel).WaitAsync(Soon, Cancel);

        Assert.Equal((false, "no answer in time"), (report.Healthy, report.LastAnswer));
    }

    private static ConnectionOwner OwnerOf(int process) => new(process, TimeProvider.System);

    private async Task<Socket> ConnectAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(Address, Cancel);
        return client;
    }

    /// <summary>Answers and closes after the first bytes of each connection, until the listener is closed.</summary>
    private async Task ServeHastilyAsync()
    {
        try
        {
            while (true)
            {
                using var taken = await _server.AcceptAsync(Cancel);
                await taken.ReceiveAsync(new byte[1024], Cancel);
                await taken.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), Cancel);
            }
        }
        catch (SocketException)
        {
        }
        catch (ObjectDisposedException)
        {
        }
    }
}
