using System.Net.Sockets;
using Dewy.Engine.Proxy.Tcp;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Proxy.Tcp;

public sealed class EpollRelayTests : TcpRelayContract
{
    [Fact]
    public async Task Relay_ClientEndsItsSideAndBreaksOffLater_BackendIsResetThough()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var broken = new TaskCompletionSource<SocketError>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = new TcpBackend(async socket =>
        {
            if ((await socket.ReadToEndAsync(Cancelled)).Length == 0)
                return; // the check of the backend's health
            ended.TrySetResult();

            // It computes its answer, says nothing, and would like to know when nobody wants it any more.
            broken.TrySetResult(await Polling.ErrorAsync(socket));
        });
        await using var proxy = await StartAsync(backend);
        var client = await proxy.ConnectAsync(Cancelled);
        await client.SayAsync("question", Cancelled);
        client.Shutdown(SocketShutdown.Send);
        await ended.Task.WaitAsync(Cancelled);
        TcpBackend.Reset(client);

        // What the system calls a reset that comes after an end (EPIPE).
        Assert.Equal(SocketError.Shutdown, await broken.Task.WaitAsync(Cancelled));
        await Eventually.IsTrueAsync(() => proxy.Status is { Failures: 0, InFlight: 0, Connections: 0 }, "the connection has ended");
    }

    private protected override ITcpTransport Open() => Epoll.Open();
}
