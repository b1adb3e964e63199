using System.Net;
using System.Net.Sockets;
using Dewy.Engine.Admin;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Admin;

public sealed class AdminSocketsTests
{
    [Fact]
    public void Open_PortsTaken_TakesTheNextFreeOne()
    {
        using var taken = Range.Take(AdminSockets.Attempts - 1);

        using var sockets = AdminSockets.Open(new AdminOptions { Port = taken.First });

        Assert.Equal(taken.First + AdminSockets.Attempts - 1, sockets.Url?.Port);
        Assert.All(sockets.All, socket => Assert.True(IPAddress.IsLoopback(Assert.IsType<IPEndPoint>(socket.LocalEndPoint).Address)));
    }

    [Fact]
    public void Open_AllTenTaken_NamesThemAndTheWayOut()
    {
        using var taken = Range.Take(AdminSockets.Attempts);

        var failure = Assert.Throws<DewyException>(() => AdminSockets.Open(new AdminOptions { Port = taken.First }));

        Assert.Equal(ErrorCode.PortInUse, failure.Code);
        Assert.Contains($"{taken.First} to {taken.First + 9}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--admin-port", failure.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_PortTakenOnTheOtherLoopbackAddress_IsNotFree()
    {
        Component.Require("ipv6", Socket.OSSupportsIPv6, "this host has no IPv6");
        using var free = Range.Take(2);
        var first = free.First;
        free.Dispose();
        using var other = new TcpListener(IPAddress.IPv6Loopback, first);
        other.Start();

        using var sockets = AdminSockets.Open(new AdminOptions { Port = first });

        Assert.NotEqual(first, sockets.Url?.Port);
    }

    [Fact]
    public void Open_TwoAtOnce_NeverShareAPort()
    {
        using var range = Range.Take(AdminSockets.Attempts);
        var first = range.First;
        range.Dispose();

        var opened = new AdminSockets[6];
        Parallel.For(0, opened.Length, index => opened[index] = AdminSockets.Open(new AdminOptions { Port = first }));

        Assert.Distinct(opened.Select(sockets => sockets.Url?.Port));
        Array.ForEach(opened, sockets => sockets.Dispose());
    }

    [Fact]
    public void Open_Path_IsForTheOwnerOnly()
    {
        Component.Linux();
        using var directory = new TemporaryDirectory();
        var path = directory.Combine("admin.sock");

        using (AdminSockets.Open(new AdminOptions { Port = 0, SocketPath = path }))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));

        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Open_PathOfADeadAgent_IsTakenOver()
    {
        Component.Linux();
        using var directory = new TemporaryDirectory();
        var path = directory.Combine("admin.sock");
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(path));
            dead.Listen();
            File.Move(path, path + ".kept"); // closing deletes the file; a killed agent leaves it
        }

        File.Move(path + ".kept", path);

        using var sockets = AdminSockets.Open(new AdminOptions { Port = 0, SocketPath = path });

        Assert.Equal(path, sockets.Path);
    }

    [Fact]
    public void Open_PathOfALivingAgent_IsRefused()
    {
        Component.Linux();
        using var directory = new TemporaryDirectory();
        var options = new AdminOptions { Port = 0, SocketPath = directory.Combine("admin.sock") };
        using var first = AdminSockets.Open(options);

        Assert.Equal(ErrorCode.PortInUse, Assert.Throws<DewyException>(() => AdminSockets.Open(options)).Code);
        Assert.True(File.Exists(options.SocketPath));
    }

    [Fact]
    public void Open_PathInNoDirectory_SaysWhatToDo()
    {
        Component.Linux();

        var failure = Assert.Throws<DewyException>(() => AdminSockets.Open(new AdminOptions { Port = 0, SocketPath = "/no/such/directory/admin.sock" }));

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
        Assert.NotNull(failure.NextStep);
    }

    /// <summary>Ports in a row, taken on 127.0.0.1.</summary>
    private sealed class Range : IDisposable
    {
        private readonly List<TcpListener> _listeners = [];

        public int First { get; private init; }

        public static Range Take(int count)
        {
            while (true)
            {
                // Below what the system gives to whoever asks for any port: the one after them must stay free, too.
                var first = Random.Shared.Next(15_000, 32_000); // net.ipv4.ip_local_port_range begins at 32768
                var range = new Range { First = first };
                try
                {
                    for (var port = first; port < first + count; port++)
                    {
                        var listener = new TcpListener(IPAddress.Loopback, port);
                        range._listeners.Add(listener);
                        listener.Start();
                    }

                    return range;
                }
                catch (Exception exception) when (exception is SocketException or ArgumentOutOfRangeException)
                {
                    range.Dispose(); // another program has one of them: others in a row then
                }
            }
        }

        public void Dispose()
        {
            foreach (var listener in _listeners)
                listener.Dispose();
            _listeners.Clear();
        }
    }
}
