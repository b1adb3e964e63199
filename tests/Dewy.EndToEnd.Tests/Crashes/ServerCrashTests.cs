using Xunit;

namespace Dewy.EndToEnd.Tests.Crashes;

public sealed class ServerCrashTests() : CrashTests(DeploymentMode.Server)
{
    [Fact]
    public Task FirstDeployment_KilledAtEveryMoment_Converges() => KilledAtEveryMomentAsync("first");

    [Fact]
    public Task Upgrade_KilledAtEveryMoment_ConvergesAndRefusesNoConnection() => KilledAtEveryMomentAsync("upgrade");

    [Fact]
    public Task Rollback_KilledAtEveryMoment_ConvergesAndRefusesNoConnection() => KilledAtEveryMomentAsync("rollback");

    [Fact]
    public Task Withdrawal_KilledAtEveryMoment_Converges() => KilledAtEveryMomentAsync("withdrawal");
}
