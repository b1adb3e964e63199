using System.Net;
using System.Net.Sockets;
using Dewy.Engine.Processes;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Processes;

public sealed class ListeningSocketTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("localhost:0")]
    [InlineData("[::1]:0")]
    [InlineData("0")]
    public async Task Open_PortZero_ListensAndTellsThePort(string spec)
    {
        SkipWithoutIPv6(spec);
        using var socket = ListeningSocket.Open(Parse(spec));
        Assert.NotEqual(0, socket.Address.Port);
        Assert.Equal($"{spec[..^1]}{socket.Address.Port}", socket.Address.Spec);
        await ConnectAsync(socket.ConnectEndPoint);
    }

    [Fact]
    public async Task Open_Path_ListensAndRemovesTheFileWhenClosed()
    {
        Require.Unix();
        var path = _directory.Combine("s.sock");
        using (var socket = ListeningSocket.Open(Parse(path)))
            await ConnectAsync(socket.ConnectEndPoint);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Dispose_KeepFile_LeavesItForTheProgram()
    {
        Require.Unix();
        var path = _directory.Combine("s.sock");
        using (var socket = ListeningSocket.Open(Parse(path)))
            socket.KeepFile();
        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task Open_StaleSocketFile_IsReplaced()
    {
        Require.Unix();
        var path = _directory.Combine("s.sock");
        using (var dead = ListeningSocket.Open(Parse(path)))
            dead.KeepFile();
        using var socket = ListeningSocket.Open(Parse(path));
        await ConnectAsync(socket.ConnectEndPoint);
    }

    [Fact]
    public void Open_PathInUse_IsRefusedWithItsOwner()
    {
        Require.Unix();
        var path = _directory.Combine("s.sock");
        using var first = ListeningSocket.Open(Parse(path));
        var failure = Assert.Throws<DewyException>(() => ListeningSocket.Open(Parse(path)));
        Assert.Equal(ErrorCode.PortInUse, failure.Code);
        if (OperatingSystem.IsLinux())
            Assert.Contains($"(process {Environment.ProcessId})", failure.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void Open_PathIsAnOrdinaryFile_IsNotRemoved()
    {
        Require.Unix();
        var path = _directory.Combine("data");
        File.WriteAllText(path, "precious");
        Assert.Equal(ErrorCode.PortInUse, Assert.Throws<DewyException>(() => ListeningSocket.Open(Parse(path))).Code);
        Assert.Equal("precious", File.ReadAllText(path));
    }

    [Theory]
    [InlineData("127.0.0.1:0", "127.0.0.1:{0}")]
    [InlineData("127.0.0.1:0", "{0}")]
    [InlineData("0", "127.0.0.1:{0}")]
    [InlineData("[::1]:0", "[::1]:{0}")]
    public void Open_PortTaken_NamesAddressAndProcess(string holder, string wanted)
    {
        SkipWithoutIPv6(holder);
        using var first = ListeningSocket.Open(Parse(holder));
        var failure = Assert.Throws<DewyException>(() => ListeningSocket.Open(Parse(string.Format(wanted, first.Address.Port))));
        Assert.Equal(ErrorCode.PortInUse, failure.Code);
        Assert.Contains($"{first.Address.Port}", failure.Message, StringComparison.Ordinal);
        if (OperatingSystem.IsLinux())
            Assert.Contains($"(process {Environment.ProcessId})", failure.Message, StringComparison.Ordinal);
        Assert.NotNull(failure.NextStep);
    }

    [Fact]
    public void Open_Port_MayBeReusedAfterAConnectionButNeverShared()
    {
        Require.Linux();
        using var socket = ListeningSocket.Open(Parse("127.0.0.1:0"));
        using var view = new Socket(new SafeSocketHandle(socket.Handle.DangerousGetHandle(), ownsHandle: false));
        Assert.Equal(1, Option(view, 2));  // SO_REUSEADDR
        Assert.Equal(0, Option(view, 15)); // SO_REUSEPORT

        static int Option(Socket socket, int name)
        {
            var value = new byte[4];
            socket.GetRawSocketOption(1, name, value);
            return BitConverter.ToInt32(value);
        }
    }

    [Fact]
    public void Open_AddressOfAnotherHost_IsExplained()
    {
        var failure = Assert.Throws<DewyException>(() => ListeningSocket.Open(Parse("192.0.2.1:0")));
        Assert.Equal(ErrorCode.StartFailed, failure.Code);
        Assert.Contains("no such address", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_PrivilegedPort_SaysWhatGivesThePrivilege()
    {
        var failure = BindFailure.Explain(Parse("80"), new SocketException((int)SocketError.AccessDenied));
        Assert.Contains("below 1024", failure.Message, StringComparison.Ordinal);
        Assert.Contains("CAP_NET_BIND_SERVICE", failure.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TryTakeFrom_ProgramLeftRunning_GetsItsSocket()
    {
        Require.Linux();
        var opened = ListeningSocket.Open(Parse("127.0.0.1:0"));
        await using var child = Children.Starter.Start(Children.Shell("exec sleep 60") with { Sockets = [opened.Handle] });
        opened.Dispose(); // as when the agent is killed
        var failure = Assert.Throws<DewyException>(() => ListeningSocket.Open(opened.Address));
        Assert.Contains($"(process {child.Id})", failure.Message, StringComparison.Ordinal);

        using var taken = ListeningSocket.TryTakeFrom(child.Id, opened.Address);
        Assert.SkipWhen(taken is null, "This host forbids tracing (kernel.yama.ptrace_scope).");
        Assert.True(taken.IsInherited);
        child.Signal(9);
        await child.Exited.WaitAsync(Children.Limit, TestContext.Current.CancellationToken);
        await ConnectAsync(taken.ConnectEndPoint); // nobody else listens any more
    }

    [Fact]
    public async Task TryTakeFrom_Path_GetsItsSocket()
    {
        Require.Linux();
        var opened = ListeningSocket.Open(Parse(_directory.Combine("s.sock")));
        opened.KeepFile();
        await using var child = Children.Starter.Start(Children.Shell("exec sleep 60") with { Sockets = [opened.Handle] });
        opened.Dispose();
        using var taken = ListeningSocket.TryTakeFrom(child.Id, opened.Address);
        Assert.SkipWhen(taken is null, "This host forbids tracing (kernel.yama.ptrace_scope).");
        child.Signal(9);
        await child.Exited.WaitAsync(Children.Limit, TestContext.Current.CancellationToken);
        await ConnectAsync(taken.ConnectEndPoint);
    }

    [Fact]
    public void TryTakeFrom_ProcessWithoutThatSocket_IsNull()
    {
        using var socket = ListeningSocket.Open(Parse("127.0.0.1:0"));
        Assert.Null(ListeningSocket.TryTakeFrom(1, socket.Address));
        Assert.Null(ListeningSocket.TryTakeFrom(int.MaxValue, socket.Address));
    }

    public void Dispose() => _directory.Dispose();

    internal static ListenAddress Parse(string spec) => ListenAddress.ParseAll([spec])[0];

    internal static async Task ConnectAsync(EndPoint endPoint)
    {
        using var client = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(endPoint, TestContext.Current.CancellationToken);
    }

    private static void SkipWithoutIPv6(string spec) =>
        Assert.SkipWhen(spec.StartsWith('[') && !Socket.OSSupportsIPv6, "This host has no IPv6.");
}
