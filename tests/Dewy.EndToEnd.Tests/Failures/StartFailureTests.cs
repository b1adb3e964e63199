using System.Net;
using System.Net.Sockets;
using Dewy.EndToEnd.Tests.Hosting;
using Dewy.Engine.Agent;
using Dewy.Engine.Composition;
using Xunit;

namespace Dewy.EndToEnd.Tests.Failures;

/// <summary>Programs that cannot be started.</summary>
public sealed class StartFailureTests
{
    [Fact]
    public async Task PortTaken_AgentDoesNotStart()
    {
        await using var application = new SampleApplication();
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, application.Port));
        other.Listen();

        var agent = application.StartAgent();

        await Expect.ThrownAsync(ErrorCode.PortInUse, ExitCode.DeploymentFailed, [$"127.0.0.1:{application.Port}", $"{Environment.ProcessId}"], () => agent.Running);
    }

    [Fact]
    public async Task CommandMissing_IsNamed()
    {
        await using var application = new SampleApplication();
        application.Registry.Publish("v1.0.0");
        var agent = application.StartAgent(command: ["./current/no-such-program"]);

        var failed = await agent.DeployedAsync("v1.0.0", DeploymentResult.Failed);

        Assert.Equal((ErrorCode.CommandNotFound, "start"), (failed.Error?.Code, failed.Error?.Phase));
        Assert.Contains("no-such-program", failed.Error?.Message, StringComparison.Ordinal);
        Assert.Null(application.Observed.Current.Read());
        Assert.NotNull(failed.Error?.NextStep);
    }

    [Fact]
    public async Task CommandNotExecutable_IsNamed()
    {
        await using var application = new SampleApplication();
        application.Registry.Publish("v1.0.0");
        var agent = application.StartAgent(command: ["./current/app.pl"]);

        var failed = await agent.DeployedAsync("v1.0.0", DeploymentResult.Failed);

        Assert.Equal((ErrorCode.CommandNotExecutable, "start"), (failed.Error?.Code, failed.Error?.Phase));
        Assert.Contains("app.pl", failed.Error?.Message, StringComparison.Ordinal);
        Assert.NotNull(failed.Error?.NextStep);
    }

    [Fact]
    public async Task StartTimesOut_SaysWhatTheProgramSaidLast()
    {
        await using var application = new SampleApplication();
        application.Registry.Publish("v1.0.0", new Behaviour { NeverReady = true });
        var services = EngineServices.OfThisHost();
        var options = services.Bind(application.Options());
        var server = options.Server ?? throw new InvalidOperationException("The mode is server.");
        var impatient = options with { Server = server with { StartWait = TimeSpan.FromSeconds(2), ReadyTimeout = TimeSpan.FromSeconds(2) } };
        var agent = application.StartAgent(events => new DewyAgent(services.Open(impatient, events)));

        var failed = await agent.DeployedAsync("v1.0.0", DeploymentResult.Failed);

        Assert.Equal((ErrorCode.StartTimeout, "start"), (failed.Error?.Code, failed.Error?.Phase));
        Assert.Contains("warming up", failed.Error?.Message, StringComparison.Ordinal);
        Assert.Contains("v1.0.0 began", failed.Error?.Message, StringComparison.Ordinal);
    }
}
