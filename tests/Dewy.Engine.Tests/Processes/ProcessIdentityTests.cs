using Dewy.Engine.Processes;
using Xunit;

namespace Dewy.Engine.Tests.Processes;

public class ProcessIdentityTests
{
    [Fact]
    public async Task Identity_OfAChild_HoldsUntilItEnds()
    {
        Require.Unix();
        await using var child = Children.Starter.Start(Children.Shell("exec sleep 60"));
        Assert.True(ProcessIdentity.IsAlive(child.Id, child.Identity));
        Assert.False(ProcessIdentity.IsAlive(child.Id, child.Identity + "0"));
        Assert.False(ProcessIdentity.IsAlive(child.Id, ""));
        Assert.False(ProcessIdentity.IsAlive(0, child.Identity));
        child.Signal(9);
        await child.Exited.WaitAsync(Children.Limit, TestContext.Current.CancellationToken);
        Assert.False(ProcessIdentity.IsAlive(child.Id, child.Identity));
    }

    [Fact]
    public async Task Identity_GatedChild_IsTheSameAfterItsRelease()
    {
        Require.Unix();
        await using var child = Children.Starter.Start(Children.Shell("echo up; exec sleep 60") with { Gated = true });
        var before = child.Identity;
        child.Release();
        await Children.ReadLineAsync(child.StandardOutput);
        Assert.Equal(before, ProcessIdentity.Of(child.Id));
        child.Signal(9);
    }

    [Fact]
    public async Task SignalGroup_AnotherIdentity_SignalsNobody()
    {
        Require.Unix();
        await using var child = Children.Starter.Start(Children.Shell("exec sleep 60"));
        Assert.False(ProcessIdentity.SignalGroup(child.Id, "another", 9));
        Assert.True(ProcessIdentity.IsAlive(child.Id, child.Identity));
        Assert.True(ProcessIdentity.SignalGroup(child.Id, child.Identity, 9));
        Assert.Equal(9, (await child.Exited.WaitAsync(Children.Limit, TestContext.Current.CancellationToken)).Signal);
    }

    [Fact]
    public async Task WaitForExitAsync_GrandchildThatIsNotOurs_CompletesWhenItEnds()
    {
        Require.Linux();
        await using var child = Children.Starter.Start(Children.Shell("sleep 60 & echo $!; wait"));
        var grandchild = int.Parse(await Children.ReadLineAsync(child.StandardOutput));
        var waiting = ProcessIdentity.WaitForExitAsync(grandchild, ProcessIdentity.Of(grandchild) ?? "", TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        child.Signal(9);
        await waiting.WaitAsync(Children.Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task WaitForExitAsync_Cancelled_Stops()
    {
        var self = Environment.ProcessId;
        using var cancellation = new CancellationTokenSource();
        var waiting = ProcessIdentity.WaitForExitAsync(self, ProcessIdentity.Of(self) ?? "", TimeProvider.System, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Children.Limit, TestContext.Current.CancellationToken));
    }
}
