using Dewy.Engine.Processes;
using Xunit;

namespace Dewy.Engine.Tests.Processes;

public class CrashCountTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(61);
    private static readonly LiveRelease Release = new() { Tag = "v1", Key = "v1--app", DeployedAt = DateTimeOffset.UnixEpoch, DeploymentId = "1" };

    private readonly CrashCount _crashes = new(TimeSpan.FromSeconds(60));

    [Fact]
    public void After_RestartedAfterCrashes_KeepsCountingUntilItHasLivedLong()
    {
        _crashes.Add(Release, Short);
        _crashes.Started(Release, "crash");
        _crashes.Add(Release, Short);
        _crashes.Started(Release, "crash");

        Assert.Equal(2, _crashes.After(Short));
        Assert.Equal(0, _crashes.After(Long));
    }

    [Fact]
    public void Add_LivedLong_BeginsAnew()
    {
        _crashes.Add(Release, Short);
        _crashes.Started(Release, "crash");

        _crashes.Add(Release, Long);

        Assert.Equal(1, _crashes.After(TimeSpan.Zero));
    }

    [Theory]
    [InlineData("v1--app", "signal", 0)]
    [InlineData("v2--app", "crash", 0)]
    [InlineData("v1--app", "crash", 1)]
    public void Started_ForgetsUnlessTheSameIsRestartedAfterItsCrash(string key, string reason, int expected)
    {
        _crashes.Add(Release, Short);

        _crashes.Started(Release with { Key = key }, reason);

        Assert.Equal(expected, _crashes.After(Short));
    }

    [Theory]
    [InlineData("./current/app", "/r/releases/1/app")]
    [InlineData("current/app", "/r/releases/1/app")]
    [InlineData("/r/current/app", "/r/releases/1/app")]
    [InlineData("./current", "/r/releases/1")]
    [InlineData("./currently", "./currently")]
    [InlineData("node", "node")]
    public void Command_InARelease_SpellsCurrentOut(string argument, string expected) =>
        Assert.Equal(expected, ServerCommand.In(Release with { Directory = "/r/releases/1" }, [argument], "/r")[0]);
}
