using System.Text.Json;
using Xunit;

namespace Dewy.EndToEnd.Tests.Cli;

public sealed class CheckCommandTests
{
    private static readonly ConfigurationCheck Passed = new() { Application = "web", Name = "root", Target = "/srv/web", Result = CheckResult.Passed, Message = "/srv/web is there.", Duration = TimeSpan.FromMilliseconds(5) };

    private static readonly ConfigurationCheck Failed = new()
    {
        Application = "web",
        Name = "registry",
        Target = "ghr://acme/web",
        Result = CheckResult.Failed,
        Code = ErrorCode.RegistryUnauthorized,
        Message = "It refuses access.",
        NextStep = "Give a token.",
    };

    private static readonly ConfigurationCheck Warning = Passed with { Name = "certificate", Target = "/etc/tls.pem", Result = CheckResult.Warning, Message = "It ends soon.", NextStep = "Renew it." };

    [Fact]
    public async Task Check_People_ReadWhatToDoUnderEachFailure()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { Checks = [Passed, Warning, Failed, Passed with { Application = "site", Result = CheckResult.Skipped }] } };

        Assert.Equal(ExitCode.Registry, await dewy.RunAsync("check", "--config", "dewy.json"));

        Assert.Equal(
            [
                "web", "  passed  root               /srv/web is there.", "  WARNING certificate        /etc/tls.pem: It ends soon.", "                             -> Renew it.",
                "  FAILED  registry           ghr://acme/web: It refuses access.", "                             -> Give a token.", "",
                "site", "  skipped root               /srv/web is there.", "", "4 checked: 1 passed, 1 warned of, 1 failed, 1 skipped.",
            ],
            dewy.Output.TrimEnd().ReplaceLineEndings("\n").Split('\n'));
    }

    [Fact]
    public async Task Check_SeveralProblemsInOne_HaveALineEachBelowEachOther()
    {
        var wrong = new ConfigurationCheck { Name = "options", Result = CheckResult.Failed, Code = ErrorCode.InvalidOption, Message = "--port: is wrong.\n--root: is too.", NextStep = "Correct them." };
        using var dewy = new DewyRun { Engine = new FakeEngine { Checks = [wrong] } };

        await dewy.RunAsync("check");

        Assert.Equal(
            ["  FAILED  options            --port: is wrong.", "                             --root: is too.", "                             -> Correct them."],
            dewy.Output.ReplaceLineEndings("\n").Split('\n')[1..4]);
    }

    [Fact]
    public async Task Check_Terminal_HasSymbols()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { Checks = [Passed, Warning, Failed] }, Symbols = true };

        await dewy.RunAsync("check");

        foreach (var expected in (string[])["  ✓ root", "  ! certificate", "  ✗ registry", "→ Give a token."])
            Assert.Contains(expected, dewy.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_Json_IsAList()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { Checks = [Passed, Failed] } };

        Assert.Equal(ExitCode.Registry, await dewy.RunAsync("check", "--json"));

        var checks = JsonDocument.Parse(dewy.Output).RootElement.EnumerateArray().ToList();
        Assert.Equal(("web", "registry", "failed", "registry_unauthorized", "Give a token."), (
            checks[1].GetProperty("application").GetString(), checks[1].GetProperty("name").GetString(), checks[1].GetProperty("result").GetString(),
            checks[1].GetProperty("code").GetString(), checks[1].GetProperty("next_step").GetString()));
        Assert.Equal(["application", "name", "target", "result", "message", "next_step", "code", "duration"], checks[0].EnumerateObject().Select(property => property.Name));
    }

    [Theory]
    [InlineData(ErrorCode.InvalidOption, ExitCode.Usage)]
    [InlineData(ErrorCode.NoMatchingVersion, ExitCode.Registry)]
    [InlineData(ErrorCode.RootLocked, ExitCode.Locked)]
    [InlineData(ErrorCode.PortInUse, ExitCode.Failed)]
    [InlineData(ErrorCode.NotifierUnreachable, ExitCode.Failed)]
    public async Task Check_FirstFailure_SaysTheExitCode(ErrorCode code, ExitCode expected)
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { Checks = [Warning, Failed with { Code = code }, Failed] } };

        Assert.Equal(expected, await dewy.RunAsync("check"));
    }

    [Fact]
    public async Task Check_WarningsOnly_IsOk()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { Checks = [Passed, Warning] } };

        Assert.Equal(ExitCode.Ok, await dewy.RunAsync("check"));
    }

    [Theory]
    [InlineData("check --registry file:///x -p 80 -- ./current/app -v", "command", "./current/app -v")]
    [InlineData("check --registry img://host/app -- -e A=1", "run-options", "-e A=1")]
    [InlineData("check --mode container --registry img://host/app -- -e A=1", "run-options", "-e A=1")]
    [InlineData("check --mode assets --registry file:///x", "mode", "assets")]
    [InlineData("check --registry file:///x --replicas 3 --keep-images 2", "keep-images", "2")]
    public async Task Check_FlagsOfEveryMode_ReachTheEngine(string line, string option, string expected)
    {
        using var dewy = new DewyRun();

        Assert.Equal((ExitCode.Ok, ""), (await dewy.RunAsync(line.Split(' ')), dewy.Error));

        Assert.Equal(expected, string.Join(' ', dewy.Engine.Options?.Values(option) ?? []));
        Assert.Equal(dewy.Directory, dewy.Engine.Options?.BaseDirectory);
    }

    [Theory]
    [InlineData("check --config dewy.json", "check")]
    [InlineData("check --config dewy.json --only web --only site", "check web site")]
    [InlineData("check --config dewy.json --name site", "check site")]
    public async Task Check_Applications_AreThoseNamed(string line, string call)
    {
        using var dewy = new DewyRun();
        dewy.Write("dewy.json", """{"applications": {"web": {"registry": "file:///w", "root": "/w"}, "site": {"registry": "file:///s", "root": "/s"}}}""");

        await dewy.RunAsync(line.Split(' '));

        Assert.Equal([call], dewy.Engine.Calls);
    }

    [Fact]
    public async Task Check_SecretOfTheEnvironment_IsMasked()
    {
        using var dewy = new DewyRun { Engine = new FakeEngine { Checks = [Failed with { Message = "It does not like ghp_abcdef." }] } };
        dewy.Environment["GH_TOKEN"] = "ghp_abcdef";

        await dewy.RunAsync("check");

        Assert.DoesNotContain("ghp_abcdef", dewy.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_Schema_IsWrittenAndNothingIsAsked()
    {
        using var dewy = new DewyRun();

        Assert.Equal(ExitCode.Ok, await dewy.RunAsync("check", "--schema"));

        Assert.Equal("https://json-schema.org/draft/2020-12/schema", JsonDocument.Parse(dewy.Output).RootElement.GetProperty("$schema").GetString());
        Assert.Empty(dewy.Engine.Calls);
    }
}
