using Xunit;

namespace Dewy.EndToEnd.Tests.Crashes;

public sealed class AssetsCrashTests() : CrashTests(DeploymentMode.Assets)
{
    [Fact]
    public Task FirstDeployment_KilledAtEveryMoment_Converges() => KilledAtEveryMomentAsync("first");

    [Fact]
    public Task Upgrade_KilledAtEveryMoment_Converges() => KilledAtEveryMomentAsync("upgrade");

    [Fact]
    public Task Rollback_KilledAtEveryMoment_Converges() => KilledAtEveryMomentAsync("rollback");
}
