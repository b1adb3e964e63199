using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Dewy.Engine.Processes;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Processes;

public sealed partial class InheritedSocketsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task Take_SocketsHandedOver_AreFoundByAddress()
    {
        Require.Linux();
        using var tcp = ListeningSocket.Open(ListeningSocketTests.Parse("127.0.0.1:0"));
        using var path = ListeningSocket.Open(ListeningSocketTests.Parse(_directory.Combine("s.sock")));
        using var inherited = HandOver(path.Handle, tcp.Handle);

        Assert.Equal($"{tcp.Address} {path.Address}", string.Join(' ', inherited.Addresses));
        Assert.Null(inherited.Take(ListeningSocketTests.Parse("127.0.0.1:1")));
        using var takenPath = inherited.Take(path.Address);
        using var taken = inherited.Take(tcp.Address);
        Assert.Equal(0, inherited.Count);
        Assert.NotNull(takenPath);
        Assert.NotNull(taken);
        Assert.True(taken.IsInherited);
        tcp.Dispose();
        await ListeningSocketTests.ConnectAsync(taken.ConnectEndPoint); // by the inherited one alone
    }

    [Fact]
    public async Task Take_AgainAfterItWasClosed_IsTheSameSocket()
    {
        Require.Linux();
        using var tcp = ListeningSocket.Open(ListeningSocketTests.Parse("127.0.0.1:0"));
        var first = HandOverAt(tcp.Handle);
        using (var one = InheritedSockets.FromDescriptors(first, 1))
        using (one.Take(tcp.Address))
        {
        }

        using var other = InheritedSockets.FromDescriptors(first, 1);
        using var taken = other.Take(tcp.Address);

        tcp.Dispose();
        Assert.NotNull(taken);
        await ListeningSocketTests.ConnectAsync(taken.ConnectEndPoint);
    }

    [Fact]
    public void Take_SystemdsDualStackSocket_ServesABarePort()
    {
        Require.Linux();
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This host has no IPv6.");
        using var both = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
        both.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        both.Listen();
        var port = ((IPEndPoint)both.LocalEndPoint!).Port; // bound just now
        using var inherited = HandOver(both.SafeHandle);
        Assert.Equal($"{port}", Assert.Single(inherited.Addresses).Spec);
        using var taken = inherited.Take(ListeningSocketTests.Parse($"{port}"));
        Assert.NotNull(taken);
    }

    [Fact]
    public void FromDescriptors_NotListening_IsLeftAlone()
    {
        Require.Linux();
        using var idle = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var file = File.OpenHandle("/dev/null");
        using var inherited = HandOver(idle.SafeHandle, file);
        Assert.Equal(0, inherited.Count);
    }

    [Fact]
    public void FromEnvironment_MeantForAnotherProcess_IsNothing()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["LISTEN_FDS"] = "2", ["LISTEN_PID"] = "1" };
        using var inherited = InheritedSockets.FromEnvironment(environment, Environment.ProcessId);
        Assert.Equal(0, inherited.Count);
    }

    public void Dispose() => _directory.Dispose();

    /// <summary>Puts copies at numbers in a row, as whoever activates sockets does.</summary>
    private static InheritedSockets HandOver(params SafeHandle[] handles) => InheritedSockets.FromDescriptors(HandOverAt(handles), handles.Length);

    private static int HandOverAt(params SafeHandle[] handles)
    {
        var first = 600 + (Interlocked.Increment(ref s_rows) * 8);
        for (var index = 0; index < handles.Length; index++)
            Assert.Equal(first + index, DuplicateTo((int)handles[index].DangerousGetHandle(), first + index));
        return first;
    }

    private static int s_rows;

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int DuplicateTo(int source, int target);
}
