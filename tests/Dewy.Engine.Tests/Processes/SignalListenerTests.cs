using System.Collections.Concurrent;
using Dewy.Engine.Processes;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Processes;

public class SignalListenerTests
{
    [Fact]
    public async Task Signals_SentToThisProcess_BecomeRequests()
    {
        Require.Unix();
        var heard = new ConcurrentQueue<AgentSignal>();
        using var listener = new SignalListener(heard.Enqueue);
        Assert.Equal(0, Libc.Kill(Environment.ProcessId, 1));
        await Eventually.IsTrueAsync(() => heard.Contains(AgentSignal.Redeploy), "HUP was heard");
        Assert.Equal(0, Libc.Kill(Environment.ProcessId, OperatingSystem.IsMacOS() ? 30 : 10));
        await Eventually.IsTrueAsync(() => heard.Contains(AgentSignal.RedeployAndNotify), "USR1 was heard");
        Assert.DoesNotContain(AgentSignal.Stop, heard);
    }
}
