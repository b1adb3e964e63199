using Dewy.Engine.Composition;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace Dewy.Engine.Tests.Composition;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("30", 30_000)]
    [InlineData("30s", 30_000)]
    [InlineData("0", 0)]
    [InlineData("500ms", 500)]
    [InlineData("5m", 300_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("2d", 172_800_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("30m0s", 1_800_000)]
    [InlineData(" 10s ", 10_000)]
    public void TryParse_Duration_IsRead(string text, long milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("5x")]
    [InlineData("1h30")]
    [InlineData("30s5m")]
    [InlineData("5m5m")]
    [InlineData("5 m")]
    [InlineData("1e3")]
    [InlineData("..5s")]
    [InlineData("99999999999999999999d")]
    [InlineData("10675199d24h")]
    public void TryParse_AnythingElse_IsRefused(string? text) => Assert.False(DurationText.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(0.25, "0.25ms")]
    [InlineData(50, "50ms")]
    [InlineData(45_200, "45.2s")]
    [InlineData(60_000, "1m0s")]
    [InlineData(1_800_000, "30m0s")]
    [InlineData(5_400_500, "1h30m0.5s")]
    [InlineData(172_800_000, "48h0m0s")]
    [InlineData(-1_500, "-1.5s")]
    public void Format_Duration_HasTheFormOfTheGoProgram(double milliseconds, string expected) =>
        Assert.Equal(expected, DurationText.Format(TimeSpan.FromMilliseconds(milliseconds)));

    [Property]
    public Property Format_WholeMilliseconds_IsReadBackTheSame(NonNegativeInt milliseconds)
    {
        var duration = TimeSpan.FromMilliseconds(milliseconds.Get);
        return (DurationText.TryParse(DurationText.Format(duration), out var read) && read == duration).ToProperty();
    }
}
