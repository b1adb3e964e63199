using Dewy.Engine.Tests.Containers;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Checks;

/// <summary>The program, the key, and the container engine.</summary>
public sealed class ProgramCheckTests : IDisposable
{
    private readonly CheckedHost _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Check_ProgramOfAReleaseThatIsNotThereYet_IsAWarning() => Assert.Equal(CheckResult.Warning, (await ProgramAsync("./current/app")).Result);

    [Fact]
    public async Task Check_ProgramOfTheLiveRelease_IsLookedAt()
    {
        Component.Linux();
        var program = _host.Write("root/releases/1/app", "#!/bin/sh\n");
        File.CreateSymbolicLink(Path.Combine(_host.Root, "current"), "releases/1");

        var refused = await ProgramAsync("./current/app");
        Assert.Equal((CheckResult.Failed, ErrorCode.CommandNotExecutable, ExitCode.Failed), (refused.Result, refused.Code, refused.ExitCode));

        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Equal(CheckResult.Passed, (await ProgramAsync("./current/app")).Result);
        Assert.Equal(ErrorCode.CommandNotFound, (await ProgramAsync("./current/other")).Code);
    }

    [Theory]
    [InlineData("sh", CheckResult.Passed)]
    [InlineData("no-such-program", CheckResult.Failed)]
    public async Task Check_ProgramOnThePath_IsFoundThere(string program, CheckResult expected)
    {
        Component.Linux();

        Assert.Equal(expected, (await ProgramAsync(program)).Result);
    }

    [Fact]
    public async Task Check_VerifyKey_TellsItsKind()
    {
        var key = _host.Write("key.pub", "untrusted comment: minisign public key\nRWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3\n");

        var check = await _host.CheckOneAsync("verify-key", ("verify-key", key));

        Assert.Equal(CheckResult.Passed, check.Result);
        Assert.Contains("minisign", check.Message, StringComparison.Ordinal);
        Assert.Equal(CheckResult.Failed, (await _host.CheckOneAsync("verify-key", ("verify-key", _host.Write("bad.pub", "nonsense")))).Result);
    }

    [Fact]
    public async Task Check_NoEngine_FailsWithWhatToDo()
    {
        _host.Environment["DOCKER_HOST"] = $"unix://{_host.Combine("no.sock")}";

        var check = await EngineAsync("engine");

        Assert.Equal((CheckResult.Failed, ErrorCode.EngineMissing, ExitCode.Failed), (check.Result, check.Code, check.ExitCode));
        Assert.NotNull(check.NextStep);
    }

    [Fact]
    public async Task Check_RealEngine_TellsItsVersionAndPullsNothing()
    {
        await DockerCommand.RequireAsync(Token);

        var check = await EngineAsync("engine");

        Assert.Equal(CheckResult.Passed, check.Result);
        Assert.Matches("version [0-9.]+", check.Message);
        Assert.Equal(CheckResult.Skipped, (await EngineAsync("container-port")).Result);
        Assert.Empty(await DockerCommand.RunAsync(Token, "images", "-q", "127.0.0.1:1/acme/app"));
    }

    [Fact]
    public async Task Check_RunOptionsThatAreRefused_Fail()
    {
        var check = await EngineAsync("run-options", ("run-options", "--privileged"));

        Assert.Equal((CheckResult.Failed, ExitCode.Usage), (check.Result, check.ExitCode));
        Assert.Contains("--privileged", check.Message, StringComparison.Ordinal);
    }

    private Task<ConfigurationCheck> ProgramAsync(string program) => _host.CheckOneAsync("program", ("mode", "server"), ("command", program));

    /// <summary>Nobody answers at the registry; that is another check's.</summary>
    private Task<ConfigurationCheck> EngineAsync(string name, params (string Name, string Value)[] more) =>
        _host.CheckOneAsync(name, [("registry", "img://127.0.0.1:1/acme/app"), ("port", "0"), .. more]);
}
