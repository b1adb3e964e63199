using Dewy.Engine.Checks;
using Dewy.Tests;
using Dewy.Tests.GitHub;
using Dewy.Tests.Http;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.Engine.Tests.Checks;

public sealed class ConfigurationCheckerTests : IDisposable
{
    private readonly CheckedHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Check_WrongOptions_AreOneFailureWithAllThatIsWrong()
    {
        var check = Assert.Single(await _host.CheckAsync(("interval", "often"), ("keep-releases", "0")));

        Assert.Equal(("options", CheckResult.Failed, ErrorCode.InvalidOption, ExitCode.Usage), (check.Name, check.Result, check.Code, check.ExitCode));
        Assert.Contains("often", check.Message, StringComparison.Ordinal);
        Assert.Contains("keep-releases", check.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OneOfTwoApplicationsIsWrong_TheOtherIsChecked()
    {
        var file = _host.Write("dewy.json", $$"""{"applications": {"good": {"registry": "{{_host.Registry}}", "root": "{{_host.Root}}"}, "bad": {"registry": "{{_host.Registry}}", "root": "/bad", "interval": "often"} } }""");

        var checks = await _host.CheckAsync(new OptionSet { BaseDirectory = _host.Path }.Add("config", file));

        Assert.Equal((null, "options", CheckResult.Failed), (checks[0].Application, checks[0].Name, checks[0].Result));
        Assert.Contains($"{file}(1,", checks[0].Message, StringComparison.Ordinal);
        Assert.All(checks.Skip(1), check => Assert.Equal("good", check.Application));
        Assert.Contains(checks, check => check is { Name: "registry", Result: CheckResult.Passed });
    }

    [Fact]
    public async Task Check_BrokenFile_IsOneFailureWithItsPlace()
    {
        var file = _host.Write("dewy.json", "{\n  \"registry\": nope\n}");

        var check = Assert.Single(await _host.CheckAsync(new OptionSet { BaseDirectory = _host.Path }.Add("config", file)));

        Assert.Equal((CheckResult.Failed, ErrorCode.InvalidConfiguration), (check.Result, check.Code));
        Assert.Contains($"{file}(2,", check.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OptionsThatMeanNothingHere_AreAWarning()
    {
        _host.Environment["DEWY_PORT"] = "8000";

        var check = await _host.CheckOneAsync("options");

        Assert.Equal(CheckResult.Warning, check.Result);
        Assert.Contains("DEWY_PORT", check.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("registry", ErrorCode.RegistryTimeout, ExitCode.Registry)]
    [InlineData("root", ErrorCode.Timeout, ExitCode.Failed)]
    public async Task Look_NeverEnds_IsAFailureAtItsLimit(string name, ErrorCode code, ExitCode exitCode)
    {
        var time = new FakeTimeProvider();
        using var host = new CheckedHost { Time = time };
        var hung = new Check(name, "there", _ => new TaskCompletionSource<CheckFinding>().Task); // cannot even be called off

        var looking = new ConfigurationChecker(host.Services).FindAsync(hung, TestContext.Current.CancellationToken);
        time.Advance(ConfigurationChecker.Limit - TimeSpan.FromMilliseconds(1));
        Assert.False(looking.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));

        var finding = await looking;
        Assert.Equal((CheckResult.Failed, code), (finding.Result, finding.Code));
        Assert.Equal(exitCode, new ConfigurationCheck { Name = name, Result = finding.Result, Code = finding.Code, Message = finding.Message }.ExitCode);
        Assert.Contains("within 15 s", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_Cancelled_Ends()
    {
        await using var github = new GitHubServer();
        await github.OpenAsync();
        github.Add(new Fault.Stall());
        _host.Environment["GITHUB_API_URL"] = github.ApiUrl;
        using var cancel = new CancellationTokenSource();

        var checking = _host.CheckAsync(_host.Options(("registry", $"ghr://{github.Owner}/{github.Repository}")), cancel.Token);
        await github.ReceivedAsync(1);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => checking);
    }

    [Fact]
    public async Task Check_SecretsEverywhere_AreInNoResult()
    {
        await using var github = new GitHubServer();
        await github.OpenAsync();
        _host.Environment["GITHUB_API_URL"] = github.ApiUrl;
        _host.Environment["GH_TOKEN"] = Canary.Mark + "token";
        _host.Environment["OPS_HOOK"] = Canary.Mark + "hook";
        github.Add(new Fault.Echo());
        var file = _host.Write("dewy.json", $$"""
            {
              "registry": "ghr://{{github.Owner}}/{{github.Repository}}", "root": "{{_host.Root}}", "after-deploy-hook": "curl ${env:OPS_HOOK}",
              "notifier": ["webhook://127.0.0.1:1/${env:OPS_HOOK}?secret={{Canary.Mark}}secret", "discord://127.0.0.1:1/api/webhooks/1/{{Canary.Mark}}discord"]
            }
            """);

        var checks = await _host.CheckAsync(new OptionSet { BaseDirectory = _host.Path }.Add("config", file));

        Assert.Equal(CheckResult.Failed, checks.Single(check => check.Name == "registry").Result);
        Assert.Equal(2, checks.Count(check => check is { Name: "notifier", Result: CheckResult.Failed }));
        Assert.All(checks, check => Assert.DoesNotContain(Canary.Mark, $"{check} {check.NextStep}", StringComparison.Ordinal));
        Assert.Contains("***", string.Concat(checks), StringComparison.Ordinal);
    }
}
