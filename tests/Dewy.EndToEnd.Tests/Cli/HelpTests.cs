using Dewy.Engine.Composition;
using Xunit;

namespace Dewy.EndToEnd.Tests.Cli;

public sealed class HelpTests : IDisposable
{
    private readonly DewyRun _dewy = new();

    public void Dispose() => _dewy.Dispose();

    [Theory]
    [InlineData("server")]
    [InlineData("assets")]
    [InlineData("container")]
    [InlineData("run")]
    [InlineData("check")]
    [InlineData("deploy")]
    [InlineData("releases")]
    [InlineData("status")]
    [InlineData("history")]
    [InlineData("rollback")]
    [InlineData("pin")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("version")]
    public async Task Help_Command_HasUsageAndIsListed(string command)
    {
        Assert.Equal(ExitCode.Ok, await _dewy.RunAsync(command, "--help"));

        Assert.StartsWith($"dewy {command}: ", _dewy.Output, StringComparison.Ordinal);
        Assert.Contains($"\nUsage\n  dewy {command}", _dewy.Output, StringComparison.Ordinal);
        Assert.Empty(_dewy.Error);

        using var root = new DewyRun();
        await root.RunAsync("-h");
        Assert.Contains($"\n  {command} ", root.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("server", DeploymentMode.Server)]
    [InlineData("assets", DeploymentMode.Assets)]
    [InlineData("container", DeploymentMode.Container)]
    public async Task Help_Agent_ShowsEveryFlagWithDefaultAndVariable(string command, DeploymentMode mode)
    {
        await _dewy.RunAsync(command, "-h");

        var words = string.Join(' ', _dewy.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.All(OptionCatalog.FlagsOf(mode), flag =>
        {
            Assert.Contains($"--{flag.Name}", words, StringComparison.Ordinal);
            Assert.Contains(flag.EnvironmentName, words, StringComparison.Ordinal);
            if (flag.Default is not null)
                Assert.Contains($"default: {flag.Default}", words, StringComparison.Ordinal);
        });
        Assert.Contains("Exit codes", _dewy.Output, StringComparison.Ordinal);
        Assert.Contains("Examples", _dewy.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_Assets_HasNoServerFlags()
    {
        await _dewy.RunAsync("assets", "--help");

        Assert.DoesNotContain("--port", _dewy.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_LinesOfFlags_FitATerminal()
    {
        await _dewy.RunAsync("server", "--help");

        Assert.All(_dewy.Output.Split("Examples")[0].Split('\n'), line => Assert.InRange(line.Length, 0, 100));
    }

    [Fact]
    public async Task NoArguments_Help_GoesToStandardErrorAsAUsageError()
    {
        Assert.Equal(ExitCode.Usage, await _dewy.RunAsync());

        Assert.Contains("Commands", _dewy.Error, StringComparison.Ordinal);
        Assert.Empty(_dewy.Output);
    }

    [Theory]
    [InlineData("--version")]
    [InlineData("-v")]
    [InlineData("version")]
    public async Task Version_AnySpelling_IsShown(string argument)
    {
        Assert.Equal(ExitCode.Ok, await _dewy.RunAsync(argument));

        Assert.Equal("dewy 1.2.3 (abc1234)\n", _dewy.Output.ReplaceLineEndings("\n"));
    }
}
