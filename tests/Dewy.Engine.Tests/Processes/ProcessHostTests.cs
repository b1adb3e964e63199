using System.Net.Sockets;
using Dewy.Engine.Processes;
using Dewy.Engine.Replicas;
using Xunit;

namespace Dewy.Engine.Tests.Processes;

public sealed class ProcessHostTests : IAsyncDisposable
{
    /// <summary>Listens where <c>PORT</c> or its first argument says, and answers with its tag, replica and process id.</summary>
    private const string Program = """
        use strict; use warnings; use IO::Socket::INET;
        my $port = $ARGV[0] // $ENV{PORT};
        my $listening = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $port, Listen => 16, ReuseAddr => 1) or die "cannot listen on $port: $!";
        $SIG{PIPE} = 'IGNORE';
        print STDERR "$ENV{DEWY_TAG} listens\n";
        while (1) {
            my $client = $listening->accept or next;
            my $input = '';
            while ($input !~ /\r\n\r\n/) { sysread($client, $input, 4096, length $input) or last }
            syswrite($client, "HTTP/1.0 200 OK\r\n\r\n$ENV{DEWY_TAG} $ENV{DEWY_REPLICA} $$");
        }
        """;

    private readonly SupervisedRoot _root = new();
    private readonly List<ProcessHost> _hosts = [];

    public ProcessHostTests() => _root.Options = _root.Options with { Listen = [], BehindProxy = true };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StartAsync_Program_ListensOnItsOwnPort()
    {
        var host = await OpenAsync();
        var release = _root.Deploy("v1", Program);

        var first = await StartAsync(host, release, 0);
        var second = await StartAsync(host, release, 1);

        Assert.StartsWith("v1 0 ", await AskAsync(first), StringComparison.Ordinal);
        Assert.StartsWith("v1 1 ", await AskAsync(second), StringComparison.Ordinal);
        Assert.NotEqual(first.EndPoints, second.EndPoints);
    }

    [Fact]
    public async Task StartAsync_PortInItsArguments_IsFilledIn()
    {
        _root.Options = _root.Options with { Command = [.. _root.Options.Command, "{port}"] };
        var host = await OpenAsync();

        var replica = await StartAsync(host, _root.Deploy("v1", Program.Replace("// $ENV{PORT}", "", StringComparison.Ordinal)), 0);

        Assert.StartsWith("v1 0 ", await AskAsync(replica), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_CurrentPointsElsewhere_RunsTheReleaseThatWasAskedFor()
    {
        var host = await OpenAsync();
        var old = _root.Deploy("v1", Program);
        _root.Deploy("v2", "die 'not me'");

        Assert.StartsWith("v1 0 ", await AskAsync(await StartAsync(host, old, 0)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_AgentDied_FindsTheSameReplicas()
    {
        var host = await OpenAsync();
        var before = await StartAsync(host, _root.Deploy("v1", Program), 2);
        var answered = await AskAsync(before);
        await host.DisposeAsync();

        var found = Assert.Single(await (await OpenAsync()).FindAsync(Cancelled));

        Assert.Equal((before.Id, before.Name, 2, before.Release), (found.Id, found.Name, found.Number, found.Release));
        Assert.True(found.IsAsConfigured);
        Assert.Equal(answered, await AskAsync(found));
    }

    [Fact]
    public async Task FindAsync_CommandChanged_IsNotAsConfigured()
    {
        await StartAsync(await OpenAsync(), _root.Deploy("v1", Program), 0);
        await _hosts[0].DisposeAsync();
        _root.Options = _root.Options with { Command = [.. _root.Options.Command, "{port}"] };

        Assert.False(Assert.Single(await (await OpenAsync()).FindAsync(Cancelled)).IsAsConfigured);
    }

    [Fact]
    public async Task Ended_ProgramDies_HasItsLastWords()
    {
        var replica = await (await OpenAsync()).StartAsync(_root.Deploy("v1", "print STDERR qq(no database\\n); exit 7"), 0, Cancelled);

        var exit = await replica.Ended.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);

        Assert.Equal((7, "no database"), (exit.Code, exit.LastOutput.Trim()));
    }

    [Fact]
    public async Task StopAsync_IgnoresTerm_IsKilledAndForgotten()
    {
        _root.Options = _root.Options with { StopTimeout = TimeSpan.FromMilliseconds(200) };
        var host = await OpenAsync();
        var replica = await StartAsync(host, _root.Deploy("v1", "$SIG{TERM} = 'IGNORE';" + Program), 0);

        await replica.StopAsync(Cancelled);

        Assert.Equal(9, (await replica.Ended).Signal);
        Assert.Empty(await host.FindAsync(Cancelled));
        Assert.Empty(Written());
    }

    [Fact]
    public async Task AskItselfAsync_SomebodyElseHasItsPort_IsUnhealthy()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Who listens on a port is known on Linux only.");
        var host = await OpenAsync();
        var replica = await host.StartAsync(_root.Deploy("v1", "sleep 60"), 0, Cancelled);
        using var thief = new TcpListener(replica.EndPoints[0]);
        thief.Start();

        Assert.False(await replica.AskItselfAsync(Cancelled));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
        await _root.DisposeAsync();
    }

    private IReadOnlyList<GenerationRecord> Written()
    {
        var record = new RunRecord(_root.Combine(".dewy", "processes.json"));
        record.Load();
        return record.Generations;
    }

    private static async Task<string> AskAsync(IReplica replica)
    {
        using var client = new HttpClient();
        return await client.GetStringAsync($"http://{replica.EndPoints[0]}/", Cancelled);
    }

    private async Task<ProcessHost> OpenAsync()
    {
        var host = new ProcessHost("example", _root.Path, _root.Options, portCount: 1, _root.Environment, new ProcessStarter(), _root.Redactor, _root.Events, TimeProvider.System);
        _hosts.Add(host);
        await host.OpenAsync(Cancelled);
        return host;
    }

    private async Task<IReplica> StartAsync(ProcessHost host, LiveRelease release, int number)
    {
        var replica = await host.StartAsync(release, number, Cancelled);
        await new ReplicaHealth(new ReplicaOptions(), _root.Events, TimeProvider.System).WaitAsync(replica, Cancelled);
        return replica;
    }
}
