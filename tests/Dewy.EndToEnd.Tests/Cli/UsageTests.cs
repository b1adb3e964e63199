using Xunit;

namespace Dewy.EndToEnd.Tests.Cli;

public sealed class UsageTests : IDisposable
{
    private readonly DewyRun _dewy = new();

    public void Dispose() => _dewy.Dispose();

    [Theory]
    [InlineData("serve", "there is no command 'serve'. Did you mean server?")]
    [InlineData("server --prot 80", "there is no flag --prot. Did you mean --port?")]
    [InlineData("server --port", "--port needs a value.")]
    [InlineData("assets --port 80", "--port means nothing with this command.")]
    [InlineData("status --registry file:///x", "--registry means nothing with this command.")]
    [InlineData("server ./current/app", "'./current/app' is no flag; the program and its arguments come after --.")]
    [InlineData("assets -- ./current/app", "take something after --.")]
    [InlineData("--port 80", "--port needs a command before it")]
    [InlineData("history --limit 0", "--limit: '0' is not a whole number above 0.")]
    [InlineData("releases --format xml file:///x", "--format: 'xml' is not one of table, json.")]
    [InlineData("releases file:///x file:///y", "'file:///y' is one argument too many.")]
    [InlineData("assets --registry file:///x --interval 3x", "--interval: '3x' is not a duration")]
    [InlineData("assets --registry file:///x -i 3 -i 4", "-i: given more than once.")]
    [InlineData("assets --registry img://ghcr.io/a/b", "holds images, which run in container mode; assets mode needs a registry of files")]
    [InlineData("assets --registry nope://x", "nope")]
    [InlineData("assets --registry file:///x --port=80", "--port means nothing with this command.")]
    [InlineData("server --registry file:///x", "server mode needs the program to run")]
    [InlineData("server --registry file:///x --", "server mode needs the program to run")]
    [InlineData("assets", "--registry: a registry is required")]
    [InlineData("assets --registry file:///x --config missing.json", "missing.json")]
    public async Task CommandLine_Wrong_IsOneLineAndExitCode2(string line, string expected)
    {
        Assert.Equal(ExitCode.Usage, await _dewy.RunAsync(line.Split(' ')));

        Assert.Contains(expected, _dewy.Error, StringComparison.Ordinal);
        Assert.Single(_dewy.Error.TrimEnd().Split('\n'));
        Assert.StartsWith("dewy", _dewy.Error, StringComparison.Ordinal);
        Assert.Empty(_dewy.Output);
        Assert.Empty(_dewy.Engine.Calls);
        Assert.Null(_dewy.Engine.Agent);
    }

    [Fact]
    public async Task ConfigurationFile_Wrong_NamesTheLine()
    {
        _dewy.Write("dewy.json", "{\n  \"registry\": \"file:///x\",\n  \"intervall\": 5\n}");

        Assert.Equal(ExitCode.Usage, await _dewy.RunAsync("assets", "--config", "dewy.json"));

        Assert.Contains("dewy.json(3,3): \"intervall\" is not an option. Did you mean interval?", _dewy.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Variable_Wrong_IsNamedAsItWasSpelled()
    {
        _dewy.Environment["DEWY_INTERVAL"] = "often";

        Assert.Equal(ExitCode.Usage, await _dewy.RunAsync("assets", "--registry", "file:///x"));

        Assert.Contains("DEWY_INTERVAL: 'often' is not a duration", _dewy.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_MessageWithSecret_IsMasked()
    {
        _dewy.Environment["GH_TOKEN"] = "ghp_abcdef";

        await _dewy.RunAsync("assets", "--registry", "file:///x", "--interval", "ghp_abcdef");

        Assert.Contains("***", _dewy.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("ghp_abcdef", _dewy.Error, StringComparison.Ordinal);
    }
}
