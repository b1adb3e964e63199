using System.Net.Sockets;
using System.Text;
using Dewy.Cli.Service;
using Dewy.Tests;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.EndToEnd.Tests.Cli;

public sealed class ServiceTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    private readonly Socket _manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 30_000 };

    public ServiceTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "systemd is on Linux");
        var path = _directory.Combine("notify");
        _manager.Bind(new UnixDomainSocketEndPoint(path));
        _environment["NOTIFY_SOCKET"] = path;
    }

    public void Dispose()
    {
        _manager.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void View_AgentStartsAndStops_SystemdIsTold()
    {
        using var notifier = ServiceNotifier.TakeFrom(_environment);
        var view = new ServiceView(notifier, new ServiceReadiness(notifier, applications: 1));

        view.Publish(new AgentStarted("1", "c", DeploymentMode.Assets, "/srv", "file:///x"));
        view.Publish(new RegistryPolled("file:///x", PollOutcome.Changed, TimeSpan.Zero));
        view.Publish(new RegistryPolled("file:///x", PollOutcome.Unchanged, TimeSpan.Zero));
        view.Publish(new CycleFailed(new DeploymentError { Code = ErrorCode.RegistryTimeout, Message = "two\nlines" }, 1, TimeSpan.Zero));
        view.Publish(new AgentStopping("SIGTERM"));

        Assert.Equal("STATUS=watching file:///x", Receive());
        Assert.Equal("READY=1", Receive());
        Assert.Equal("STATUS=two lines", Receive());
        Assert.Equal("STOPPING=1\nSTATUS=stopping", Receive());
    }

    [Fact]
    public void View_WhatIsLiveAndWhatWaits_IsToldOnceAndAgainAfterAFailure()
    {
        using var notifier = ServiceNotifier.TakeFrom(_environment);
        var view = new ServiceView(notifier, new ServiceReadiness(notifier, applications: 1));

        for (var cycle = 0; cycle < 3; cycle++)
            view.Publish(new DeploySkipped("v1.2.3", "It is the newest."));
        view.Publish(new CycleFailed(new DeploymentError { Code = ErrorCode.RegistryTimeout, Message = "No answer." }, 1, TimeSpan.Zero));
        view.Publish(new DeploySkipped(null, "There is nothing."));
        view.Publish(new DeploySkipped("v1.2.3", "It is the newest."));
        view.Publish(new ReleaseHeld("v1.3.0", "Deploying is paused."));

        Assert.Equal("STATUS=v1.2.3 is live", Receive());
        Assert.Equal("READY=1", Receive());
        Assert.Equal("STATUS=No answer.", Receive());
        Assert.Equal("STATUS=v1.2.3 is live", Receive());
        Assert.Equal("STATUS=v1.3.0 is held back: Deploying is paused.", Receive());
    }

    [Fact]
    public void View_SeveralApplications_AreNamedAndReadyTogether()
    {
        using var notifier = ServiceNotifier.TakeFrom(_environment);
        var readiness = new ServiceReadiness(notifier, applications: 2);
        ServiceView web = new(notifier, readiness, "web"), site = new(notifier, readiness, "site");

        web.Publish(new RegistryPolled("file:///x", PollOutcome.Changed, TimeSpan.Zero));
        web.Publish(new RegistryPolled("file:///x", PollOutcome.Unchanged, TimeSpan.Zero));
        web.Publish(new AgentStopping("failed"));
        web.Publish(new DeploymentStarted("d1", "v1.2.3", null, "agent"));
        site.Failed(new DewyException(ErrorCode.RootLocked, "The root is held."));
        site.Failed(null);

        Assert.Equal("STATUS=web: deploying v1.2.3", Receive());
        Assert.Equal("READY=1", Receive());
        Assert.Equal("STATUS=site: The root is held.", Receive());
        Assert.Equal("STATUS=site: the agent ended by itself", Receive());
    }

    [Fact]
    public async Task Watchdog_AgentAnswers_BeatsTwiceAnInterval()
    {
        var time = new FakeTimeProvider();
        _environment["WATCHDOG_USEC"] = "10000000";
        using var notifier = ServiceNotifier.TakeFrom(_environment);
        await using var watchdog = ServiceWatchdog.Start(notifier, () => { }, time);

        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("WATCHDOG=1", Receive());
    }

    [Fact]
    public async Task Watchdog_AgentThrows_GivesNoSign()
    {
        var time = new FakeTimeProvider();
        _environment["WATCHDOG_USEC"] = "10000000";
        using var notifier = ServiceNotifier.TakeFrom(_environment);
        await using var watchdog = ServiceWatchdog.Start(notifier, () => throw new InvalidOperationException("stuck"), time);

        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("STATUS=the agent does not answer: stuck", Receive());
    }

    [Theory]
    [InlineData("1", null)]
    [InlineData("self", 10)]
    public void Watchdog_PidOfAnother_IsNotForUs(string pid, int? seconds)
    {
        _environment["WATCHDOG_USEC"] = "10000000";
        _environment["WATCHDOG_PID"] = pid is "self" ? Environment.ProcessId.ToString() : pid;
        using var notifier = ServiceNotifier.TakeFrom(_environment);

        Assert.Equal(seconds, notifier.Watchdog?.Seconds);
    }

    [Fact]
    public void TakeFrom_Variables_AreGoneForChildren()
    {
        Environment.SetEnvironmentVariable("WATCHDOG_PID", "1");

        using var notifier = ServiceNotifier.TakeFrom(_environment);

        Assert.Null(Environment.GetEnvironmentVariable("WATCHDOG_PID"));
    }

    private string Receive()
    {
        var buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, _manager.Receive(buffer));
    }
}
