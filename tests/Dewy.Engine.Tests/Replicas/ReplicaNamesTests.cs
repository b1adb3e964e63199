using Dewy.Engine.Replicas;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.Engine.Tests.Replicas;

public sealed class ReplicaNamesTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));

    [Fact]
    public void Next_OtherNumbers_ShareTheSecond()
    {
        var names = new ReplicaNames("web", _time);

        Assert.Equal("web-1700000000-0", names.Next(0));
        Assert.Equal("web-1700000000-1", names.Next(1));
    }

    [Fact]
    public void Next_ReplacedWithinItsSecond_GetsAnotherName()
    {
        var names = new ReplicaNames("web", _time);

        Assert.Equal("web-1700000000-0", names.Next(0));
        Assert.Equal("web-1700000001-0", names.Next(0));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("web-1700000002-0", names.Next(0));
    }

    [Fact]
    public void Next_Later_TellsWhen()
    {
        var names = new ReplicaNames("web", _time);
        names.Next(0);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("web-1700000060-0", names.Next(0));
    }
}
