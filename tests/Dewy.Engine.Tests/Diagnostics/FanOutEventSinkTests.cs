using Dewy.Engine.Diagnostics;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Diagnostics;

public sealed class FanOutEventSinkTests
{
    [Fact]
    public void Publish_SeveralViews_AllSeeIt()
    {
        var (first, second) = (new RecordingEventSink(), new RecordingEventSink());

        new FanOutEventSink(first, second).Publish(new AgentStopping("SIGTERM"));

        Assert.Single(first.Of<AgentStopping>());
        Assert.Single(second.Of<AgentStopping>());
    }

    [Fact]
    public void Publish_BrokenView_HarmsNoOtherAndIsToldOnce()
    {
        var (before, after) = (new RecordingEventSink(), new RecordingEventSink());
        var sink = new FanOutEventSink(before, new BrokenView(), after);

        sink.Publish(new AgentStopping("SIGTERM"));
        sink.Publish(new AgentStopped(false));

        Assert.Single(after.Of<AgentStopping>());
        Assert.Single(after.Of<AgentStopped>());
        Assert.Contains("out of paper", Assert.Single(after.Of<AttentionNeeded>()).Message, StringComparison.Ordinal);
        Assert.Single(before.Of<AttentionNeeded>());
    }

    private sealed class BrokenView : IEngineEventSink
    {
        public void Publish(EngineEvent engineEvent) => throw new InvalidOperationException("out of paper");
    }
}
