using Dewy.Engine.Composition;
using Dewy.Engine.Diagnostics;
using Dewy.Engine.Processes;
using Dewy.Engine.Releases;
using Dewy.Engine.Tests.Agent.Support;
using Dewy.Tests;
using Dewy.Tests.Http;
using Dewy.Tests.Notifications;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Dewy.Engine.Tests.Notifications;

/// <summary>One-shot commands that tell people, and what they must never tell.</summary>
public sealed class NotifyingEngineTests : IAsyncLifetime
{
    private const string Canary = "canary0123456789abcdef";

    private readonly TemporaryDirectory _root = new();
    private readonly WebhookReceiver _receiver = new();
    private readonly SlackServer _slack = new();
    private readonly RecordingEventSink _events = new();
    private readonly ScriptedSource _source = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private DewyEngine Engine => new(new EngineServices
    {
        Time = TimeProvider.System,
        Environment = new Dictionary<string, string>(_slack.Environment) { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "" },
        Processes = new ProcessStarter(),
        Platform = HostPlatform.Parse("linux/amd64"),
        Registries = _source,
        UserName = "tester",
        HostName = "host",
        Jitter = () => 0.5,
    });

    public async ValueTask InitializeAsync()
    {
        await _receiver.StartAsync();
        await _slack.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _slack.DisposeAsync();
        _root.Dispose();
    }

    [Fact]
    public async Task Deploy_WithNotifiers_TellsAllBeforeItReturns()
    {
        _source.Publish("v1.0.0", SimulatedAgent.Start, ScriptedSource.Archive("v1.0.0"));

        var deployment = await Engine.DeployAsync(Options(_receiver.SignedUrl, "slack://deployments?quiet=true"), force: false, _events, Cancellation);

        Assert.Equal(DeploymentResult.Succeeded, deployment?.Result);
        Assert.Equal(["deployment_started", "artifact_cached", "deployment_ended"], _receiver.Events);
        Assert.StartsWith("Deployment of v1.0.0 succeeded", Assert.Single(_slack.Texts), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_FailsBeforeThereIsADeployment_IsTold()
    {
        _source.Fail(new DewyException(ErrorCode.RegistryUnavailable, "It is down.") { NextStep = "Wait." });

        await Assert.ThrowsAsync<DewyException>(() => Engine.DeployAsync(Options("slack://deployments"), force: false, _events, Cancellation));

        Assert.Contains("It is down.", Assert.Single(_slack.Texts), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_NotifierHangs_ReturnsWithinTheFlushLimit()
    {
        _source.Publish("v1.0.0", SimulatedAgent.Start, ScriptedSource.Archive("v1.0.0"));
        _receiver.Add(new Fault.Stall());

        var deployment = await Engine.DeployAsync(Options(_receiver.Url), force: false, _events, Cancellation).WaitAsync(TimeSpan.FromSeconds(60), Cancellation);

        Assert.Equal(DeploymentResult.Succeeded, deployment?.Result);
        Assert.Contains(_events.Of<AttentionNeeded>(), told => told.Message.Contains("succeeded", StringComparison.Ordinal));
    }

    [Fact]
    public void CreateAgent_InvalidNotifier_IsAnErrorAtStart()
    {
        var failure = Assert.Throws<DewyException>(() => Engine.CreateAgent(Options("slak://deployments"), _events));

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
        Assert.Contains("--notifier", failure.Message, StringComparison.Ordinal);
        Assert.Contains("slack://<channel>", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendNotification_ToSeveral_TellsWhatBecameOfEach()
    {
        var receipts = await Engine.SendNotificationAsync(Options("slack://deployments?quiet=true", "slack://nowhere", _receiver.Url), "Maintenance begins.", NotificationLevel.Warning, Cancellation);

        Assert.Equal([true, false, true], receipts.Select(receipt => receipt.Delivered));
        Assert.Equal("Maintenance begins.", Assert.Single(_slack.Texts));
        Assert.Equal(("message", "warning"), ((string?)_receiver.Messages[0]["event"], (string?)_receiver.Messages[0]["level"]));
        Assert.Equal((ErrorCode.NotifierUnreachable, "slack://nowhere"), (receipts[1].Error?.Code, receipts[1].Error?.Target));
        Assert.Contains("channel_not_found", receipts[1].Error?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendNotification_WithoutNotifiers_IsAnError()
    {
        var failure = await Assert.ThrowsAsync<DewyException>(() => Engine.SendNotificationAsync(Options(), "Hello", NotificationLevel.Information, Cancellation));

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
    }

    [Fact]
    public async Task InvokeHook_LiveRelease_RunsWithItsFacts()
    {
        Component.Linux();
        _source.Publish("v1.0.0", SimulatedAgent.Start, ScriptedSource.Archive("v1.0.0"));
        await Engine.DeployAsync(Options(), force: false, _events, Cancellation);

        var result = await Engine.InvokeHookAsync(
            Options().Add("after-deploy-hook", "echo $DEWY_HOOK $DEWY_TAG; test -d \"$DEWY_RELEASE_DIR\" && test -f \"$DEWY_ARTIFACT\" && echo there"), HookKind.AfterDeploy, tag: null, _events, Cancellation);

        Assert.True(result.Succeeded);
        Assert.Equal("after-deploy v1.0.0\nthere\n", result.StandardOutput);
    }

    [Fact]
    public async Task InvokeHook_NothingLiveAndNoTag_IsAnError()
    {
        var failure = await Assert.ThrowsAsync<DewyException>(() => Engine.InvokeHookAsync(Options().Add("after-deploy-hook", "true"), HookKind.AfterDeploy, tag: null, _events, Cancellation));

        Assert.Equal(ErrorCode.ReleaseNotFound, failure.Code);
    }

    [Fact]
    public async Task InvokeHook_NoneConfigured_IsAnError()
    {
        var failure = await Assert.ThrowsAsync<DewyException>(() => Engine.InvokeHookAsync(Options(), HookKind.BeforeDeploy, "v1.0.0", _events, Cancellation));

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
        Assert.Contains("--before-deploy-hook", failure.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_SecretsInNotifiers_AreSeenNowhere()
    {
        Component.Linux();
        _source.Publish("v1.0.0", SimulatedAgent.Start, ScriptedSource.Archive("v1.0.0"));
        var options = Options(
            $"webhook://127.0.0.1:1/{Canary}1?secret={Canary}2&token={Canary}3&query={Canary}4",
            $"smtp://127.0.0.1:1/ops@example.com?from=a@example.com&username=u&password={Canary}5&tls=false",
            $"teams://127.0.0.1:1/{Canary}6?sig={Canary}7",
            $"discord://127.0.0.1:1/api/webhooks/123/{Canary}8",
            "slack://nowhere",
            _receiver.Url).Add("after-deploy-hook", $"echo {Canary}3; env; exit 3");
        using var output = new StringWriter();
        using var log = LogPipeline.Create(new LogOptions { Level = LogLevel.Debug }, new SecretRedactor(), output, colour: false); // knows no secret itself
        var events = new FanOutEventSink(log.View, _events);

        await Engine.DeployAsync(options, force: false, events, Cancellation);

        Assert.Equal(6, _events.Of<AttentionNeeded>().Select(told => told.Target).Append("told nothing").Distinct(StringComparer.Ordinal).Count());
        Assert.DoesNotContain("canary", output.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(SlackServer.Token, output.ToString(), StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(_root.Path, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain("canary", await File.ReadAllTextAsync(file, Cancellation), StringComparison.OrdinalIgnoreCase);
        var hook = Assert.Single(_receiver.Messages, message => (string?)message["event"] == "hook_completed");
        Assert.Contains("***", (string?)hook["data"]?["result"]?["standard_output"], StringComparison.Ordinal);
        Assert.All(_receiver.Accepted, accepted => Assert.DoesNotContain("canary", System.Text.Encoding.UTF8.GetString(accepted.Body), StringComparison.OrdinalIgnoreCase));
    }

    private OptionSet Options(params string[] notifiers)
    {
        var options = new OptionSet { BaseDirectory = _root.Path }.Add("registry", "file:///srv/registry/site").Add("root", _root.Combine("root"));
        foreach (var notifier in notifiers)
            options.Add("notifier", notifier);
        return options;
    }
}
