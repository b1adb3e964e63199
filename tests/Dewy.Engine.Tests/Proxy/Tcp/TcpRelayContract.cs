using System.Net.Sockets;
using System.Security.Cryptography;
using Dewy.Engine.Processes;
using Dewy.Engine.Proxy;
using Dewy.Engine.Proxy.Tcp;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Proxy.Tcp;

/// <summary>What holds of a connection through a TCP port, whatever moves its bytes.</summary>
public abstract class TcpRelayContract : TcpContract
{
    [Fact]
    public async Task Relay_LargeStreamsAtOnce_ArriveUnharmedBothWays()
    {
        var (up, down) = (Noise(20_000_000, 1), Noise(20_000_000, 2));
        var received = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = new TcpBackend(async socket =>
        {
            var reading = socket.ReadToEndAsync(Cancelled);
            await SendAllAsync(socket, down);
            socket.Shutdown(SocketShutdown.Send);
            received.TrySetResult(await reading);
        });
        await using var proxy = await StartAsync(backend);
        using var client = await proxy.ConnectAsync(Cancelled);
        var answer = client.ReadToEndAsync(Cancelled);
        await SendAllAsync(client, up);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(SHA256.HashData(down), SHA256.HashData(await answer));
        Assert.Equal(SHA256.HashData(up), SHA256.HashData(await received.Task.WaitAsync(Cancelled)));
        await Eventually.IsTrueAsync(() => proxy.Last is { Failed: false, Method: "TCP", Backend: "b0", Status: 0 }, "the connection was reported");
    }

    [Fact]
    public async Task Relay_ManyAtOnceOfAllKinds_EachGetsBackWhatItSent()
    {
        const int Conversations = 300;
        const int AtOnce = 40;
        await using var backend = TcpBackend.Echo();
        await using var proxy = await StartAsync(backend);
        var kept = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Conversations),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancelled },
            async (number, _) =>
            {
                // What one that breaks off leaves half way must not turn up in another.
                var random = new Random(number);
                var breaksOff = random.Next(4) == 0;
                using var client = await proxy.ConnectAsync(Cancelled);
                var sent = Noise(random.Next(3) switch { 0 => random.Next(1, 2_000), 1 => random.Next(2_000, 200_000), _ => random.Next(200_000, 3_000_000) }, number);
                var sending = SendInPiecesAsync(client, sent, new Random(-number));
                var got = await ReadInPiecesAsync(client, breaksOff ? sent.Length / 2 : sent.Length, random);
                Assert.True(sent.AsSpan(0, got.Length).SequenceEqual(got));
                if (breaksOff)
                {
                    TcpBackend.Reset(client);
                    await UntilBrokenOffAsync(sending);
                    return;
                }

                await sending;
                client.Shutdown(SocketShutdown.Send);
                Assert.Empty(await client.ReadToEndAsync(Cancelled));
                Interlocked.Increment(ref kept);
            });
        Assert.InRange(kept, Conversations / 2, Conversations - 1);
        await Eventually.IsTrueAsync(() => proxy.Status is { InFlight: 0, Connections: 0, Failures: 0 }, "all have ended");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(65536)]
    [InlineData(65537)]
    public async Task Relay_MessagesOfAnySize_ComeBackWhole(int size)
    {
        await using var backend = TcpBackend.Echo();
        await using var proxy = await StartAsync(backend);
        using var client = await proxy.ConnectAsync(Cancelled);
        for (var turn = 0; turn < 5; turn++)
        {
            // Short ones in between: what is held while waiting changes with what came last.
            foreach (var message in new[] { Noise(size, turn), Noise(1, turn) })
            {
                await SendAllAsync(client, message);
                var echo = new byte[message.Length];
                for (var count = 0; count < echo.Length;)
                    count += await client.ReceiveAsync(echo.AsMemory(count), Cancelled);
                Assert.True(message.AsSpan().SequenceEqual(echo));
            }
        }
    }

    [Fact]
    public async Task Relay_ClientEndsItsSide_StillGetsTheWholeAnswer()
    {
        var answer = Noise(3_000_000, 3);
        await using var backend = new TcpBackend(async socket =>
        {
            var question = await socket.ReadToEndAsync(Cancelled);
            await SendAllAsync(socket, new[] { (byte)question.Length });
            await SendAllAsync(socket, answer);
        });
        await using var proxy = await StartAsync(backend);
        using var client = await proxy.ConnectAsync(Cancelled);
        await client.SayAsync("question", Cancelled);
        client.Shutdown(SocketShutdown.Send);
        var got = await client.ReadToEndAsync(Cancelled);
        Assert.Equal(8, got[0]);
        Assert.True(answer.AsSpan().SequenceEqual(got.AsSpan(1)));
    }

    [Fact]
    public async Task Relay_BackendEndsItsSide_StillGetsTheWholeUpload()
    {
        var received = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = new TcpBackend(async socket =>
        {
            await socket.SayAsync("bye", Cancelled);
            socket.Shutdown(SocketShutdown.Send);
            received.TrySetResult((await socket.ReadToEndAsync(Cancelled)).Length);
        });
        await using var proxy = await StartAsync(backend);
        using var client = await proxy.ConnectAsync(Cancelled);
        Assert.Equal("bye"u8.ToArray(), await client.ReadToEndAsync(Cancelled));
        await SendAllAsync(client, Noise(3_000_000, 4));
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(3_000_000, await received.Task.WaitAsync(Cancelled));
    }

    [Fact]
    public async Task Relay_ClientResets_BackendIsReset()
    {
        var ended = new TaskCompletionSource<SocketError>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = new TcpBackend(async socket =>
        {
            await socket.SayAsync("ready", Cancelled);
            ended.TrySetResult(await EndAsync(socket));
        });
        await using var proxy = await StartAsync(backend);
        var client = await proxy.ConnectAsync(Cancelled);
        Assert.Equal("ready", await client.ReadTextAsync(Cancelled));
        TcpBackend.Reset(client);
        Assert.Equal(SocketError.ConnectionReset, await ended.Task.WaitAsync(Cancelled));
        await Eventually.IsTrueAsync(() => proxy.Last is { Failed: false }, "the client's own reset counts as no failure");
    }

    [Fact]
    public async Task Relay_BackendResets_ClientIsReset()
    {
        await using var backend = new TcpBackend(async socket =>
        {
            await socket.ReadTextAsync(Cancelled);
            TcpBackend.Reset(socket);
        });
        await using var proxy = await StartAsync(backend);
        using var client = await proxy.ConnectAsync(Cancelled);
        await client.SayAsync("x", Cancelled);
        Assert.Equal(SocketError.ConnectionReset, await EndAsync(client));
        await Eventually.IsTrueAsync(() => proxy.Status is { Failures: 1, InFlight: 0, Connections: 0 }, "the failure was counted");
        Assert.Equal(1, proxy.Backends.Current.Single().Failures);
    }

    [Fact]
    public async Task Relay_SlowReader_HoldsTheSenderUp()
    {
        const int Most = 64 * 1024 * 1024;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var received = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = new TcpBackend(async socket =>
        {
            await gate.Task.WaitAsync(Cancelled);
            received.TrySetResult((await socket.ReadToEndAsync(Cancelled)).LongLength);
        });
        await using var proxy = await StartAsync(backend);
        using var client = await proxy.ConnectAsync(Cancelled);
        var sent = 0L;
        var sending = Task.Run(
            async () =>
            {
                var piece = new byte[64 * 1024];
                while (Interlocked.Read(ref sent) < Most && !gate.Task.IsCompleted)
                    Interlocked.Add(ref sent, await client.SendAsync(piece, Cancelled));
            },
            Cancelled);

        // Held up: what was sent does not grow over several looks.
        var (before, same) = (-1L, 0);
        await Eventually.IsTrueAsync(
            () =>
            {
                var now = Interlocked.Read(ref sent);
                same = now == before && now > 0 ? same + 1 : 0;
                before = now;
                return same >= 25;
            },
            "the sender is held up");
        Assert.InRange(before, 1, Most - 1);
        gate.TrySetResult();
        await sending;
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(Interlocked.Read(ref sent), await received.Task.WaitAsync(Cancelled));
    }

    [Fact]
    public async Task Relay_ByteSentAsUrgent_ComesInItsPlace()
    {
        var (before, after) = (Noise(300_000, 5), Noise(300_000, 6));
        var received = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = new TcpBackend(async socket =>
        {
            await socket.SayAsync("ready", Cancelled);
            if (await socket.ReadToEndAsync(Cancelled) is { Length: > 0 } all)
                received.TrySetResult(all);
        });
        await using var proxy = await StartAsync(backend);
        using var client = await proxy.ConnectAsync(Cancelled);
        Assert.Equal("ready", await client.ReadTextAsync(Cancelled));
        await SendAllAsync(client, before);
        Assert.Equal(1, await client.SendAsync("!"u8.ToArray(), SocketFlags.OutOfBand, Cancelled));
        await SendAllAsync(client, after);
        client.Shutdown(SocketShutdown.Send);
        var got = await received.Task.WaitAsync(Cancelled);
        Assert.True(got.AsSpan().SequenceEqual((byte[])[.. before, (byte)'!', .. after]));
    }

    [Fact]
    public async Task Relay_ByteSentAsUrgent_HoldsNothingUpThatFollows()
    {
        using var transport = Open();
        using var client = await SocketPair.ConnectAsync(Cancelled);
        using var backend = await SocketPair.ConnectAsync(Cancelled);
        TcpSocket.Tune(client.Far, TimeSpan.Zero);

        // All of it waits before the first byte is received: the system stops at the mark, and tells of nothing new after it.
        await client.Near.SayAsync("before", Cancelled);
        Assert.Equal(1, await client.Near.SendAsync("!"u8.ToArray(), SocketFlags.OutOfBand, Cancelled));
        await client.Near.SayAsync("after", Cancelled);
        var relay = transport.Relay(client.Far, backend.Near);
        var outcome = relay.RunAsync();
        var got = "";
        while (got.Length < "before!after".Length)
            got += await backend.Far.ReadTextAsync(Cancelled);
        Assert.Equal("before!after", got);
        client.Near.Shutdown(SocketShutdown.Send);
        backend.Far.Shutdown(SocketShutdown.Send);
        Assert.Equal(TcpOutcome.Completed, await outcome.WaitAsync(Cancelled));
    }

    [Fact]
    public async Task Relay_UnixSocket_ArriveUnharmedBothWays()
    {
        Component.Require("unix", Socket.OSSupportsUnixDomainSockets && !OperatingSystem.IsWindows(), "this needs Unix-domain sockets");
        using var directory = new TemporaryDirectory();
        var path = directory.Combine("db.sock");
        await using var backend = TcpBackend.Echo();
        var options = RunningTcpProxy.Options with { Ports = [.. ListenAddress.ParseAll([path]).Select(address => new PortMapping(address, Target: null, IsTcp: true))] };
        await using var proxy = await StartAsync(options, TimeProvider.System, backend.EndPoint);
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(path), Cancelled);
        var bytes = Noise(5_000_000, 7);
        var echo = client.ReadToEndAsync(Cancelled);
        await SendAllAsync(client, bytes);
        client.Shutdown(SocketShutdown.Send);
        var got = await echo;
        Assert.True(bytes.AsSpan().SequenceEqual(got));
    }

    [Fact]
    public async Task Relay_BackendAnsweredAndWentAway_AnswerArrivesBeforeTheReset()
    {
        using var transport = Open();
        for (var turn = 0; turn < 20; turn++)
        {
            using var client = await SocketPair.ConnectAsync(Cancelled);
            using var backend = await SocketPair.ConnectAsync(Cancelled);

            // All of it waits before the first byte is passed on: the upload finds nobody there while the answer is still to be brought.
            await backend.Far.SayAsync("too large", Cancelled);
            backend.Far.Dispose();
            await SendAllAsync(client.Near, Noise(150_000, turn));
            var relay = transport.Relay(client.Far, backend.Near);
            var outcome = relay.RunAsync();
            Assert.Equal("too large", await client.Near.ReadTextAsync(Cancelled));
            Assert.Equal(TcpOutcome.BrokenByBackend, await outcome.WaitAsync(Cancelled));
        }
    }

    private static byte[] Noise(int size, int seed)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static async Task SendInPiecesAsync(Socket socket, ReadOnlyMemory<byte> bytes, Random random)
    {
        for (var start = 0; start < bytes.Length;)
        {
            var piece = Math.Min(bytes.Length - start, random.Next(1, random.Next(2) == 0 ? 5_000 : 300_000));
            await SendAllAsync(socket, bytes.Slice(start, piece));
            start += piece;
            if (random.Next(4) == 0)
                await Task.Yield();
        }
    }

    private static async Task UntilBrokenOffAsync(Task sending)
    {
        try
        {
            await sending;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Not everything had been sent by then.
        }
    }

    private static async Task<byte[]> ReadInPiecesAsync(Socket socket, int count, Random random)
    {
        var bytes = new byte[count];
        for (var start = 0; start < count;)
        {
            var most = Math.Min(count - start, random.Next(1, random.Next(8) == 0 ? 2_000 : 200_000));
            var got = await socket.ReceiveAsync(bytes.AsMemory(start, most), Cancelled);
            Assert.NotEqual(0, got);
            start += got;
        }

        return bytes;
    }

    private static async Task SendAllAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        for (var sent = 0; sent < bytes.Length;)
            sent += await socket.SendAsync(bytes[sent..], Cancelled);
    }

    private static async Task<SocketError> EndAsync(Socket socket)
    {
        try
        {
            await socket.ReadToEndAsync(Cancelled);
            return SocketError.Success;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode;
        }
    }
}
