using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Dewy.Engine.Processes;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Processes;

public sealed partial class SocketEnvironmentTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void Describe_EveryKindOfAddress_IsTheContractsLayout()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        SocketEnvironment.Describe(environment, ListenAddress.ParseAll(["/p/s:1.sock", "28180", "127.0.0.1:28181", "[::1]:28182"]), generation: 3);
        Assert.Equal("28180=3;127.0.0.1:28181=4;[::1]:28182=5;/p/s:1.sock=6", environment["SERVER_STARTER_PORT"]);
        Assert.Equal("3", environment["SERVER_STARTER_GENERATION"]);
        Assert.Equal("4", environment["LISTEN_FDS"]);
        Assert.Equal("28180:28181:28182:s_1.sock", environment["LISTEN_FDNAMES"]);
        Assert.False(environment.ContainsKey("LISTEN_PID"));
    }

    [Fact]
    public void Describe_NoSockets_SetsTheGenerationAlone()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        SocketEnvironment.Describe(environment, [], generation: 1);
        Assert.Equal("SERVER_STARTER_GENERATION", Assert.Single(environment).Key);
    }

    [Fact]
    public void RemovePersonal_WhatTheAgentWasTold_IsGone()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["LISTEN_FDS"] = "1", ["LISTEN_PID"] = "1", ["LISTEN_FDNAMES"] = "x", ["NOTIFY_SOCKET"] = "/x", ["WATCHDOG_USEC"] = "1", ["HOME"] = "/",
        };
        SocketEnvironment.RemovePersonal(environment);
        Assert.Equal("HOME", Assert.Single(environment).Key);
    }

    [Fact]
    public async Task Describe_BesideTheReferenceSupervisor_GivesTheSameSpecsInTheSameOrder()
    {
        Require.Unix();
        var supervisor = Require.Program("start_server");
        IReadOnlyList<ListenAddress> addresses;
        using (var one = ListeningSocket.Open(ListeningSocketTests.Parse("0")))
        using (var two = ListeningSocket.Open(ListeningSocketTests.Parse("127.0.0.1:0")))
            addresses = [one.Address, two.Address, ListeningSocketTests.Parse(_directory.Combine("s.sock"))];
        var ours = new Dictionary<string, string>(StringComparer.Ordinal);
        SocketEnvironment.Describe(ours, addresses, generation: 1);

        await using var child = Children.Starter.Start(Children.Shell("") with
        {
            Program = supervisor,
            Arguments = ["--path", addresses[2].Spec, "--port", addresses[0].Spec, "--port", addresses[1].Spec, "--", "sh", "-c", "echo \"$SERVER_STARTER_PORT $SERVER_STARTER_GENERATION\"; exec sleep 60"],
        });
        var theirs = await Children.ReadLineAsync(child.StandardOutput);
        child.Signal(15);
        await child.Exited.WaitAsync(Children.Limit, TestContext.Current.CancellationToken);
        Assert.Equal(
            Number().Replace(theirs, "="),
            Number().Replace($"{ours["SERVER_STARTER_PORT"]} {ours["SERVER_STARTER_GENERATION"]}", "="));
    }

    [Fact]
    public async Task Start_ProgramThatUsesTheReferenceLibrary_AcceptsOnEverySocket()
    {
        Require.Unix();
        var perl = Require.Program("perl");
        Require.Program("start_server"); // comes with the library
        using var tcp = ListeningSocket.Open(ListeningSocketTests.Parse("127.0.0.1:0"));
        using var path = ListeningSocket.Open(ListeningSocketTests.Parse(_directory.Combine("s.sock")));
        var environment = Children.Environment.ToDictionary(StringComparer.Ordinal);
        SocketEnvironment.Describe(environment, [tcp.Address, path.Address], generation: 1);
        const string program = """
            use Server::Starter qw(server_ports); use IO::Socket; use Socket; $| = 1;
            die "LISTEN_PID" unless $ENV{LISTEN_PID} == $$;
            my $ports = server_ports();
            for my $spec (sort { $ports->{$a} <=> $ports->{$b} } keys %$ports) {
                open(my $listener, '+<&=', $ports->{$spec}) or die $!;
                accept(my $client, $listener) or die $!;
                syswrite($client, "served $spec\n");
                close $client;
            }
            """;
        await using var child = Children.Starter.Start(Children.Shell("") with
        {
            Program = perl, Arguments = ["-e", program], Environment = environment, Sockets = [tcp.Handle, path.Handle], SetListenPid = true,
        });
        Assert.Equal($"served {tcp.Address}\n", await AskAsync(tcp.ConnectEndPoint));
        Assert.Equal($"served {path.Address}\n", await AskAsync(path.ConnectEndPoint));
        Assert.Equal(0, (await child.Exited.WaitAsync(Children.Limit, TestContext.Current.CancellationToken)).Code);
    }

    public void Dispose() => _directory.Dispose();

    private static async Task<string> AskAsync(EndPoint endPoint)
    {
        using var client = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(endPoint, TestContext.Current.CancellationToken);
        await using var stream = new NetworkStream(client);
        return await Children.ReadAsync(stream).WaitAsync(Children.Limit, TestContext.Current.CancellationToken);
    }

    [GeneratedRegex("=[0-9]+")]
    private static partial Regex Number();
}
