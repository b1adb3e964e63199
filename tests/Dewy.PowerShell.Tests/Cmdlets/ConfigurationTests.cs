using System.Management.Automation;
using Dewy.PowerShell.Jobs;
using Dewy.PowerShell.Tests.Hosting;
using Dewy.Tests;
using Xunit;

namespace Dewy.PowerShell.Tests.Cmdlets;

/// <summary>Applications of a configuration file, and which parameters go together.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private readonly FakeEngine _engine = new() { Applications = [Application("web"), Application("site"), Application("worker")] };
    private readonly DewyRunspace _session;

    public ConfigurationTests() => _session = new DewyRunspace(_engine);

    public void Dispose() => _session.Dispose();

    [Fact]
    public void StartAgent_Config_IsAJobForEachApplication()
    {
        using var directory = new TemporaryDirectory();
        _session.Runspace.SessionStateProxy.Path.SetLocation(directory.Path);
        _engine.OnCreateAgent = (options, events) => new FakeAgent(events, options.Values("name")[0]);

        var jobs = _session.Invoke("Start-DewyAgent -Config ./dewy.json").Select(job => Assert.IsType<AgentJob>(job.BaseObject)).ToList();

        Assert.Equal([("web", "/srv/web"), ("site", "/srv/site"), ("worker", "/srv/worker")], jobs.Select(job => (job.Name, job.Root)));
        var asked = _engine.Asked.First();
        Assert.Equal([directory.Combine("dewy.json")], asked.Values("config"));
        Assert.Equal(directory.Path, asked.BaseDirectory);
        Assert.False(asked.Contains("root"));
    }

    [Fact]
    public void StartAgent_OneCannotStart_IsAnErrorAndTheOthersRun()
    {
        _engine.OnCreateAgent = (options, events) => new FakeAgent(events)
        {
            FailsToStart = options.Values("name")[0] is "site" ? new DewyException(ErrorCode.RootLocked, "The root is held.") : null,
        };
        using var shell = _session.Shell("Start-DewyAgent -Config dewy.json");

        Assert.Equal(2, shell.Invoke().Count);
        Assert.StartsWith("RootLocked,", Assert.Single(shell.Streams.Error).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(2, _session.Invoke("Get-Job").Count);
    }

    [Fact]
    public void StartAgent_OnlyOneAndItCannotStart_IsTerminating()
    {
        _engine.OnCreateAgent = (_, events) => new FakeAgent(events) { FailsToStart = new DewyException(ErrorCode.RootLocked, "The root is held.") };

        var output = _session.Invoke("try { Start-DewyAgent -Config dewy.json -Application web } catch { $_ }");

        Assert.IsType<ErrorRecord>(Assert.Single(output).BaseObject);
    }

    [Theory]
    [InlineData("w*", "web worker")]
    [InlineData("site, worker", "site worker")]
    [InlineData("SITE", "site")]
    [InlineData("x*", "")]
    public void InvokeDeploy_Application_TakesThoseThatFit(string patterns, string expected)
    {
        _session.Invoke($"Invoke-DewyDeploy -Config dewy.json -Application {patterns}");

        Assert.Equal(expected, string.Join(' ', _engine.Asked.Where(options => options.Contains("name")).Select(options => options.Values("name")[0])));
    }

    [Fact]
    public void InvokeDeploy_UnknownName_IsNotFoundAndTheOthersHaveTheirTurn()
    {
        using var shell = _session.Shell("Invoke-DewyDeploy -Config dewy.json -Application sites, web");

        Assert.Single(shell.Invoke());
        var error = Assert.Single(shell.Streams.Error);
        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
        Assert.StartsWith("ApplicationNotFound,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void InvokeDeploy_OneFails_TheOthersHaveTheirTurn()
    {
        _engine.OnDeploy = (options, _, _, _) => options.Values("name")[0] is "web" ? throw new DewyException(ErrorCode.RegistryTimeout, "No answer.") : Task.FromResult<Deployment?>(Samples.Deployment());
        using var shell = _session.Shell("Invoke-DewyDeploy -Config dewy.json");

        Assert.Equal(2, shell.Invoke().Count);
        Assert.StartsWith("RegistryTimeout,", Assert.Single(shell.Streams.Error).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void InvokeDeploy_WhatIf_PlansEach()
    {
        Assert.Equal(3, _session.Invoke("Invoke-DewyDeploy -Config dewy.json -WhatIf").Count);
        Assert.Equal(["plan", "plan", "plan"], _engine.Calls, StringComparer.Ordinal);
    }

    [Fact]
    public void Application_Completion_OffersThoseOfTheFile()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.Combine("dewy.json"), "{}");
        using var shell = System.Management.Automation.PowerShell.Create(_session.Runspace);
        var line = $"Start-DewyAgent -Config {directory.Combine("dewy.json")} -Application w";

        Assert.Equal(["web", "worker"], CommandCompletion.CompleteInput(line, line.Length, options: null, shell).CompletionMatches.Select(match => match.CompletionText));
    }

    [Theory]
    [InlineData("-Registry file:///x", "assets")]
    [InlineData("file:///x -Slot blue -Cache /c -Shared log/ -Notifier slack://a", "assets")]
    [InlineData("file:///x -Command x -Port 80", "server")]
    [InlineData("file:///x -Command x -Overlap -LogDir /log", "server")]
    [InlineData("file:///x -Command x -Port 80 -Handoff Proxy -Replicas 3 -VerifyChecksum Off", "server")]
    [InlineData("file:///x -Mode Server -Command x", "server")]
    [InlineData("img://host/app -Replicas 3 -HealthPath /h", "container")]
    [InlineData("img://host/app -ContainerPort 80 -Replicas 3", "container")]
    [InlineData("-Registry img://host/app -RunOptions '-e', 'A=1' -Port 8000:80", "container")]
    public void Parameters_UsualOnes_Resolve(string parameters, string mode)
    {
        foreach (var cmdlet in (string[])["Invoke-DewyDeploy", "Start-DewyAgent", "Test-DewyConfiguration"])
            _session.Invoke($"{cmdlet} {parameters}");

        Assert.All(_engine.Asked, options => Assert.Equal([mode], options.Values("mode")));
        Assert.Equal(3, _engine.Asked.Count);
    }

    [Theory]
    [InlineData("@{ Registry = 'file:///a'; Root = '/a' }", "assets")]
    [InlineData("@{ Registry = 'file:///a'; Root = '/a'; Command = './current/a', '-v' }", "server ./current/a -v")]
    [InlineData("@{ Registry = 'img://host/a'; Root = '/a'; Name = 'a' }", "container")]
    [InlineData("@{ Registry = 'file:///a'; Mode = 'Server'; Command = 'x' }", "server x")]
    public void Parameters_ByPropertyName_Resolve(string properties, string expected)
    {
        _session.Invoke($"[pscustomobject]{properties} | Invoke-DewyDeploy -GracePeriodSec 5");

        var options = Assert.Single(_engine.Asked);
        Assert.Equal(expected, string.Join(' ', options.Values("mode").Concat(options.Values("command"))));
        Assert.Equal(["5s"], options.Values("grace-period"));
    }

    [Fact]
    public void Parameters_ByPropertyName_OneObjectsCommandIsNotTheNexts()
    {
        _session.Invoke("[pscustomobject]@{ Registry = 'file:///a'; Root = '/a'; Command = 'x' }, [pscustomobject]@{ Registry = 'file:///b'; Root = '/b' } | Invoke-DewyDeploy");

        Assert.Equal(["server", "assets"], _engine.Asked.Select(options => options.Values("mode")[0]));
    }

    [Theory]
    [InlineData("file:///x -Command x -ContainerPort 80")]
    [InlineData("img://host/app -ContainerPort 80 -Cache /c")]
    [InlineData("img://host/app -Runtime Podman -Shared log/")]
    [InlineData("img://host/app -Cmd x -Handoff Proxy")]
    [InlineData("-Config dewy.json -Registry file:///x")]
    [InlineData("-Config dewy.json -Command x")]
    [InlineData("-Config dewy.json -Root /x")]
    [InlineData("-Config dewy.json -Slot blue")]
    [InlineData("-Application web -Registry file:///x")]
    public void Parameters_ThatDoNotGoTogether_AreRefusedBeforeAnythingIsAsked(string parameters)
    {
        foreach (var cmdlet in (string[])["Invoke-DewyDeploy", "Start-DewyAgent", "Test-DewyConfiguration"])
            Assert.StartsWith("AmbiguousParameterSet,", _session.InvokeForError($"{cmdlet} {parameters}").FullyQualifiedErrorId, StringComparison.Ordinal);

        Assert.Empty(_engine.Asked);
    }

    [Fact]
    public void TestConfiguration_Checks_AreWrittenOneByOne()
    {
        _engine.Checks = [Check(CheckResult.Passed), Check(CheckResult.Failed)];

        var checks = _session.Invoke("Test-DewyConfiguration file:///x -IntervalSec 30 -AdminPort 0").Select(check => Assert.IsType<ConfigurationCheck>(check.BaseObject)).ToList();

        Assert.Equal([CheckResult.Passed, CheckResult.Failed], checks.Select(check => check.Result));
        var options = Assert.Single(_engine.Asked);
        Assert.Equal(["30s"], options.Values("interval"));
        Assert.Equal(["assets"], options.Values("mode"));
    }

    [Theory]
    [InlineData(CheckResult.Warning, true)]
    [InlineData(CheckResult.Skipped, true)]
    [InlineData(CheckResult.Failed, false)]
    public void TestConfiguration_Quiet_IsATruthValue(CheckResult result, bool expected)
    {
        _engine.Checks = [Check(CheckResult.Passed), Check(result)];

        Assert.Equal(expected, Assert.IsType<bool>(Assert.Single(_session.Invoke("Test-DewyConfiguration file:///x -Quiet")).BaseObject));
    }

    [Theory]
    [InlineData("", "check")]
    [InlineData("-Application w*", "check web worker")]
    [InlineData("-Application site", "check site")]
    public void TestConfiguration_Config_ChecksThoseMeant(string parameters, string call)
    {
        _session.Invoke($"Test-DewyConfiguration -Config dewy.json {parameters}");

        Assert.Equal([call], _engine.Calls);
    }

    [Fact]
    public void TestConfiguration_WrongOptions_AreAResultAndNoError()
    {
        using var real = new DewyRunspace();

        var check = Assert.IsType<ConfigurationCheck>(Assert.Single(real.Invoke("Test-DewyConfiguration -Registry nope://x -Root /tmp/x")).BaseObject);

        Assert.Equal((CheckResult.Failed, ErrorCode.InvalidOption), (check.Result, check.Code));
    }

    private static ConfigurationCheck Check(CheckResult result) => new() { Application = "web", Name = "root", Target = "/srv/web", Result = result, Message = "It is there." };

    private static ConfiguredApplication Application(string name) => new()
    {
        Name = name,
        Root = $"/srv/{name}",
        Registry = $"file:///srv/releases/{name}",
        Options = new OptionSet { IsComplete = true }.Add("name", name).Add("root", $"/srv/{name}"),
    };
}
