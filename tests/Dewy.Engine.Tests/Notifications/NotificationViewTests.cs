using Dewy.Engine.Notifications;
using Xunit;

namespace Dewy.Engine.Tests.Notifications;

/// <summary>Which events become messages, and when it has been enough.</summary>
public sealed class NotificationViewTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly DeploymentError Broken = new() { Code = ErrorCode.HealthCheckFailed, Message = "It is not healthy.", Phase = "start", Target = "http://127.0.0.1/health", NextStep = "Look at its log." };

    private readonly List<NotificationMessage> _sent = [];
    private readonly NotificationView _view;
    private DateTimeOffset _now = Start;

    public NotificationViewTests() => _view = new NotificationView(_sent.Add, "host1");

    private IEnumerable<string> Texts => _sent.Select(message => message.Text);

    private IEnumerable<NotificationMessage> Failures => _sent.Where(message => message.Kind == NotificationKind.Failure);

    [Theory]
    [InlineData("1.2.3", DeploymentMode.Server, "Automatic shipping started by *Dewy* (v1.2.3: server)")]
    [InlineData("v1.2.3", DeploymentMode.Assets, "Automatic shipping started by *Dewy* (v1.2.3: assets)")]
    [InlineData("1.2.3", DeploymentMode.Container, "Automatic shipping started by *Dewy* (v1.2.3: container)")]
    public void Publish_AgentStarted_HasTheTextOfTheGoProgram(string version, DeploymentMode mode, string text)
    {
        Publish(new AgentStarted(version, "abc", mode, "/srv/app", "ghr://acme/app"));

        var message = Assert.Single(_sent);
        Assert.Equal(text, message.Text);
        Assert.Equal("app", message.Application);
        Assert.Equal("host1", message.Host);
    }

    [Fact]
    public void Publish_Milestones_HaveTheTextsOfTheGoProgram()
    {
        Publish(Cached("v1.2.3", downloaded: true));
        Publish(new ImagePulled("ghcr.io/acme/app@sha256:1", "v1.2.3", TimeSpan.FromSeconds(3)));
        Publish(new ServerStarted("v1.2.3"));
        Publish(new ServerRestarted("v1.2.3", "signal"));

        Assert.Equal(["Downloaded artifact for v1.2.3", "Pulled image for v1.2.3", "Server started for v1.2.3", "Server restarted for v1.2.3"], Texts);
    }

    [Fact]
    public void Publish_FoundInCache_IsNoNews()
    {
        Publish(Cached("v1.2.3", downloaded: false));

        Assert.Empty(_sent);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void Publish_RestartRequested_IsToldWhereWanted(bool notify, int messages)
    {
        Publish(new RestartRequested(42, "SIGUSR1", notify));

        Assert.Equal(messages, _sent.Count(message => message.Text == "Restart requested by SIGUSR1"));
    }

    [Theory]
    [InlineData(DeploymentMode.Container, "Container deployed successfully for v1.1.0")]
    [InlineData(DeploymentMode.Server, "Deployment of v1.1.0 succeeded in 1m5s")]
    public void Publish_DeploymentSucceeded_TellsVersionsAndDuration(DeploymentMode mode, string text)
    {
        Publish(new DeploymentStarted("id1", "v1.1.0", "v1.0.0", "agent"));
        Pass(TimeSpan.FromSeconds(65));
        Publish(Ended("v1.1.0", DeploymentResult.Succeeded, mode: mode, startedAt: Start));

        Assert.Equal("Deployment of v1.1.0 started", _sent[0].Text);
        var end = _sent[1];
        Assert.Equal(text, end.Text);
        Assert.Equal(NotificationKind.Result, end.Kind);
        Assert.Equal(("v1.0.0", "v1.1.0", "1m5s"), (Fact(end, "Before"), Fact(end, "After"), Fact(end, "Duration")));
        Assert.All(_sent, message => Assert.Equal("id1", message.DeploymentId));
    }

    [Fact]
    public void Publish_DeploymentFailed_TellsErrorNextStepVersionsAndBlockInOneMessage()
    {
        Publish(new DeploymentStarted("id1", "v1.1.0", "v1.0.0", "agent"));
        Publish(new GenerationExited(2, 7, "v1.1.0", new ProcessExit { Code = 3, LastOutput = "no database" }));
        Publish(new ReleaseBlocked("v1.1.0", "It is not healthy.", 1, Start.AddSeconds(30)));
        Publish(Ended("v1.1.0", DeploymentResult.Failed, Broken));

        var message = Assert.Single(Failures);
        Assert.Equal("Deployment of v1.1.0 failed: It is not healthy.", message.Text);
        Assert.Contains("Look at its log.", message.Detail, StringComparison.Ordinal);
        Assert.Equal(("v1.0.0", "v1.0.0", "start"), (Fact(message, "Before"), Fact(message, "After"), Fact(message, "Phase")));
        Assert.Equal("2026-03-04 12:00:30Z", Fact(message, "Blocked until"));
        Assert.Equal("no database", Assert.Single(message.Outputs).Text);
    }

    [Fact]
    public void Publish_DeploymentRolledBack_IsOneFailureWithBothVersions()
    {
        Publish(new GenerationExited(2, 7, "v1.1.0", new ProcessExit { Code = 3 }));
        Publish(new RollingBack("v1.1.0", "v1.0.0", "It crashed."));
        Publish(new DeploymentStarted("id2", "v1.0.0", "v1.1.0", "watch"));
        Publish(new ServerRestarted("v1.0.0", "rollback"));
        Publish(Ended("v1.1.0", DeploymentResult.RolledBack, Broken));

        Assert.Equal(
            ["The application of v1.1.0 ended by itself: it exited with code 3", "Rolling back from v1.1.0 to v1.0.0: It crashed.", "Server restarted for v1.0.0", "v1.1.0 was rolled back: It is not healthy."],
            Texts);
        Assert.Equal(("v1.1.0", "v1.0.0"), (Fact(_sent[^1], "Before"), Fact(_sent[^1], "After")));
    }

    [Fact]
    public void Publish_FailureOfADeploymentToldTwice_IsOneMessage()
    {
        Publish(new DeploymentStarted("id1", "v1.1.0", "v1.0.0", "agent"));
        Publish(Ended("v1.1.0", DeploymentResult.Failed, Broken));
        Publish(new CycleFailed(Broken with { }, 1, TimeSpan.FromSeconds(10)));

        Assert.Single(Failures);
    }

    [Fact]
    public void Publish_HundredFailedCycles_AreThreeMessagesAndOneRecovery()
    {
        for (var failure = 1; failure <= 100; failure++)
        {
            Publish(new CycleFailed(Broken, failure, TimeSpan.FromSeconds(10)));
            Pass(TimeSpan.FromSeconds(10));
        }

        Publish(new Recovered(100, TimeSpan.FromSeconds(1000)));

        Assert.Equal(3, Failures.Count());
        Assert.Equal([false, false, true], Failures.Select(message => message.Detail?.Contains("held back", StringComparison.Ordinal)));
        Assert.Equal("*Recovered* after 100 failures and 16m40s", Assert.Single(_sent, message => message.Kind == NotificationKind.Recovery).Text);
    }

    [Fact]
    public void Publish_HundredFailedDeployments_AreThreeMessagesAResultAndOneRecovery()
    {
        for (var failure = 1; failure <= 100; failure++)
        {
            Publish(new DeploymentStarted($"id{failure}", "v1.1.0", "v1.0.0", "agent"));
            Publish(Hook(exitCode: 1));
            Publish(new ReleaseBlocked("v1.1.0", "x", failure, _now));
            Publish(Ended("v1.1.0", DeploymentResult.Failed, Broken));
            Pass(TimeSpan.FromMinutes(30));
        }

        Assert.Equal(3, Failures.Count(message => message.Text.StartsWith("Deployment of", StringComparison.Ordinal)));
        Assert.Equal(9, _sent.Count); // the tries that are not told make no other noise either
        _sent.Clear();

        Publish(new DeploymentStarted("id101", "v1.2.0", "v1.0.0", "agent"));
        Publish(Ended("v1.2.0", DeploymentResult.Succeeded));

        Assert.Equal(["Deployment of v1.2.0 started", "Deployment of v1.2.0 succeeded in 0s", "*Recovered* after 100 failures and 50h0m0s"], Texts);
    }

    [Fact]
    public void Publish_AfterRecovery_FailuresAreToldAgain()
    {
        for (var run = 0; run < 2; run++)
        {
            for (var failure = 1; failure <= 5; failure++)
                Publish(new CycleFailed(Broken, failure, TimeSpan.FromSeconds(10)));
            Publish(new Recovered(5, TimeSpan.FromSeconds(50)));
        }

        Assert.Equal(6, Failures.Count());
        Assert.Equal(2, _sent.Count(message => message.Kind == NotificationKind.Recovery));
    }

    [Fact]
    public void Publish_CrashLoop_IsToldThreeTimesAndRecoversOnceItRuns()
    {
        for (var crash = 1; crash <= 20; crash++)
        {
            Publish(new GenerationExited(crash, 7, "v1.0.0", new ProcessExit { Code = 3, LastOutput = "no database" }));
            Publish(new RestartScheduled("v1.0.0", crash, TimeSpan.FromSeconds(60)));
            Pass(TimeSpan.FromSeconds(60));
            Publish(new ServerRestarted("v1.0.0", "crash"));
        }

        Assert.Equal(3, Failures.Count());
        Assert.Equal(3, _sent.Count(message => message.Text == "Server restarted for v1.0.0"));
        Assert.Equal("no database", _sent[0].Outputs[0].Text);

        Pass(TimeSpan.FromMinutes(10));
        Publish(new RegistryPolled("r", PollOutcome.Unchanged, TimeSpan.Zero));

        Assert.Equal("*Recovered* after 20 failures and 20m0s", _sent[^1].Text);
    }

    [Fact]
    public void Publish_ExpectedExit_IsNoNews()
    {
        Publish(new GenerationExited(1, 7, "v1.0.0", new ProcessExit { Code = 0, Expected = true }));

        Assert.Empty(_sent);
    }

    [Theory]
    [InlineData(0, "Before deploy hook succeeded in 45.2s")]
    [InlineData(1, "Before deploy hook failed: The before-deploy hook exited with code 1.")]
    public void Publish_HookCompleted_TellsOutputExitCodeAndDuration(int exitCode, string text)
    {
        Publish(Hook(exitCode));

        var message = Assert.Single(_sent);
        Assert.Equal((exitCode == 0 ? NotificationKind.Milestone : NotificationKind.Failure, text), (message.Kind, message.Text));
        Assert.Equal(("npm run build", $"{exitCode}", "45.2s"), (Fact(message, "Command"), Fact(message, "Exit code"), Fact(message, "Duration")));
        Assert.Equal("Build completed", Assert.Single(message.Outputs).Text);
    }

    [Fact]
    public void Publish_GracePeriod_IsNoNews()
    {
        Publish(new GracePeriodHeld("v1.1.0", "The artifact is missing.", TimeSpan.FromMinutes(30)));
        Publish(new AttentionNeeded("A notification was lost.", null, null));

        Assert.Empty(_sent);
    }

    [Theory]
    [InlineData("asked to stop", NotificationLevel.Information)]
    [InlineData("failed", NotificationLevel.Error)]
    public void Publish_AgentStopped_TellsWhy(string reason, NotificationLevel level)
    {
        Publish(new AgentStopping(reason));
        Publish(new AgentStopped(ApplicationLeftRunning: true));

        var message = Assert.Single(_sent);
        Assert.Equal("Automatic shipping stopped by *Dewy*", message.Text);
        Assert.Equal((level, reason), (message.Level, Fact(message, "Reason")));
    }

    private static string? Fact(NotificationMessage message, string name) => message.Facts.FirstOrDefault(fact => fact.Name == name)?.Value;

    private static ArtifactCached Cached(string tag, bool downloaded) => new(new CachedArtifact
    {
        Key = $"{tag}--app.zip",
        Tag = tag,
        Path = "/cache/app.zip",
        Size = 1,
        Digest = Digest.Sha256(new byte[32]),
        Downloaded = downloaded,
    });

    private static HookCompleted Hook(int exitCode) => new(new HookResult
    {
        Kind = HookKind.BeforeDeploy,
        Command = "npm run build",
        ExitCode = exitCode,
        Duration = TimeSpan.FromSeconds(45.2),
        StandardOutput = "Build completed",
        Error = exitCode == 0 ? null : $"The before-deploy hook exited with code {exitCode}.",
    });

    private DeploymentEnded Ended(string tag, DeploymentResult result, DeploymentError? error = null, DeploymentMode mode = DeploymentMode.Server, DateTimeOffset? startedAt = null) => new(new Dewy.Deployment
    {
        Id = "id1",
        Mode = mode,
        Tag = tag,
        PreviousTag = "v1.0.0",
        Result = result,
        Error = error,
        StartedAt = startedAt ?? _now,
        FinishedAt = _now,
        RequestedBy = "agent",
    });

    private void Pass(TimeSpan time) => _now += time;

    private void Publish(EngineEvent engineEvent) => _view.Publish(engineEvent with { Time = _now, Application = "app" });
}
