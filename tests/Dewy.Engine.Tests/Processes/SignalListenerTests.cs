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
        Assert.SkipWhen(IsHangupIgnored(), "Skipped: this process was started with HUP ignored (nohup), which is inherited and kept.");
        var heard = new ConcurrentQueue<AgentSignal>();
        using var listener = new SignalListener(heard.Enqueue);
        Assert.Equal(0, Libc.Kill(Environment.ProcessId, 1));
        await Eventually.IsTrueAsync(() => heard.Contains(AgentSignal.Redeploy), "HUP was heard");
        Assert.Equal(0, Libc.Kill(Environment.ProcessId, OperatingSystem.IsMacOS() ? 30 : 10));
        await Eventually.IsTrueAsync(() => heard.Contains(AgentSignal.RedeployAndNotify), "USR1 was heard");
        Assert.DoesNotContain(AgentSignal.Stop, heard);
    }

    /// <summary>The first bit of the mask of ignored signals, proc(5).</summary>
    private static bool IsHangupIgnored() =>
        OperatingSystem.IsLinux()
        && File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is var line
        && (Convert.ToUInt64(line[7..].Trim(), 16) & 1) != 0;
}
