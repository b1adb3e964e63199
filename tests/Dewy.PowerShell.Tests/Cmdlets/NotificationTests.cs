using System.Management.Automation;
using Dewy.PowerShell.Commands;
using Dewy.PowerShell.Jobs;
using Dewy.PowerShell.Tests.Hosting;
using Xunit;

namespace Dewy.PowerShell.Tests.Cmdlets;

public sealed class NotificationTests : IDisposable
{
    private const string Canary = "canary0123456789abcdef";

    private readonly FakeEngine _engine = new();
    private readonly DewyRunspace _session;

    public NotificationTests() => _session = new DewyRunspace(_engine);

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Send_MessagesFromThePipeline_GoToEveryNotifier()
    {
        var output = _session.Invoke("'one', 'two' | Send-DewyNotification -Notifier slack://a, slack://b -Level Warning -Name site");

        Assert.Empty(output);
        Assert.Equal(["send Warning: one", "send Warning: two"], _engine.Calls);
        Assert.Equal(["slack://a", "slack://b"], _engine.Asked.First().Values("notifier"));
        Assert.Equal(["site"], _engine.Asked.First().Values("name"));
    }

    [Fact]
    public void Send_OneNotifierFails_IsANonTerminatingErrorAndTheReceiptsAreThere()
    {
        _engine.Receipts =
        [
            new NotificationReceipt { Notifier = "slack://a", Attempts = 1, Duration = TimeSpan.FromSeconds(1) },
            new NotificationReceipt
            {
                Notifier = "slack://b",
                Attempts = 5,
                Duration = TimeSpan.FromSeconds(20),
                Error = new DeploymentError { Code = ErrorCode.NotifierUnreachable, Message = "It is down.", Target = "slack://b", NextStep = "Wait." },
            },
        ];

        var receipts = _session.Invoke("Send-DewyNotification Hello -PassThru -ErrorAction SilentlyContinue -ErrorVariable problems; $problems").Select(item => item.BaseObject).ToList();

        Assert.Equal([true, false], receipts.OfType<NotificationReceipt>().Select(receipt => receipt.Delivered));
        var error = Assert.Single(receipts.OfType<ErrorRecord>());
        Assert.StartsWith("NotifierUnreachable,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(("slack://b", ErrorCategory.ConnectionError, "Wait."), ((string)error.TargetObject, error.CategoryInfo.Category, error.ErrorDetails.RecommendedAction));
    }

    [Theory]
    [InlineData("BeforeDeploy", "before-deploy-hook")]
    [InlineData("AfterDeploy", "after-deploy-hook")]
    public void Hook_CommandAndTag_ReachTheEngine(string kind, string option)
    {
        var result = _session.Invoke($"[pscustomobject]@{{ Tag = 'v1' }} | Invoke-DewyHook {kind} './warm-up --all' -HookTimeoutSec 60 -PassEnv GITHUB_TOKEN -Root /root");

        Assert.IsType<HookResult>(Assert.Single(result).BaseObject);
        Assert.Equal($"hook {kind} for v1", Assert.Single(_engine.Calls));
        var options = Assert.Single(_engine.Asked);
        Assert.Equal(["./warm-up --all"], options.Values(option));
        Assert.Equal(["60s"], options.Values("hook-timeout"));
        Assert.Equal(["GITHUB_TOKEN"], options.Values("pass-env"));
    }

    [Theory]
    [InlineData(false, "HookFailed,")]
    [InlineData(true, "HookTimeout,")]
    public void Hook_Fails_IsAResultAndANonTerminatingError(bool timedOut, string id)
    {
        _engine.HookResult = _engine.HookResult with { Error = "It exited with code 3.", ExitCode = timedOut ? null : 3, TimedOut = timedOut };

        var output = _session.Invoke("Invoke-DewyHook AfterDeploy -ErrorAction SilentlyContinue -ErrorVariable problems; $problems").Select(item => item.BaseObject).ToList();

        Assert.Single(output.OfType<HookResult>());
        Assert.StartsWith(id, Assert.Single(output.OfType<ErrorRecord>()).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void StartAgent_NotifiersInItsCommandLine_AreNotShownByTheJob()
    {
        var job = Assert.IsType<AgentJob>(_session.Invoke($"Start-DewyAgent -Registry file:///registry -Root /root -Notifier 'webhooks://example.com/{Canary}?secret={Canary} 2', slack://general").Single().BaseObject);

        Assert.DoesNotContain("canary", job.Command, StringComparison.Ordinal);
        Assert.Contains("-Notifier 'webhooks://***', slack://***", job.Command, StringComparison.Ordinal);
        Assert.Equal([$"webhooks://example.com/{Canary}?secret={Canary} 2", "slack://general"], Assert.Single(_engine.Asked).Values("notifier"));
    }

    [Theory]
    [InlineData("-Notifier smtp://h/a@b?password=canary -Root /x", "-Notifier smtp://*** -Root /x")]
    [InlineData("-Notifier \"discord://1/canary\"", "-Notifier \"discord://***\"")]
    [InlineData("-Notifier @('teams://h/canary','webhook://h/canary')", "-Notifier @('teams://***','webhook://***')")]
    [InlineData("-Registry file:///registry", "-Registry file:///registry")]
    public void Mask_CommandLine_HidesNotifiersAndNothingElse(string line, string masked) => Assert.Equal(masked, NotifierMask.Apply(line, []));
}
