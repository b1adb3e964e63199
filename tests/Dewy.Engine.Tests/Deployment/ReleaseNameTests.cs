using Dewy.Engine.Deployment;
using Xunit;

namespace Dewy.Engine.Tests.Deployment;

public sealed class ReleaseNameTests
{
    [Fact]
    public void At_AnyOffset_IsUtcStamp() =>
        Assert.Equal("20260115T013045Z", ReleaseName.At(new DateTimeOffset(2026, 1, 15, 10, 30, 45, 999, TimeSpan.FromHours(9))).ToString());

    [Fact]
    public void Next_OfFirst_HasSuffixTwo()
    {
        var first = ReleaseName.At(DateTimeOffset.UnixEpoch);

        Assert.Equal("19700101T000000Z-2", first.Next().ToString());
        Assert.Equal("19700101T000000Z-3", first.Next().Next().ToString());
        Assert.Equal(".19700101T000000Z-2.partial", first.Next().Partial);
    }

    [Theory]
    [InlineData("20260115T103045Z")]
    [InlineData("20260115T103045Z-2")]
    [InlineData("20260115T103045Z-10")]
    public void Parse_OwnName_RoundTrips(string name) => Assert.Equal(name, ReleaseName.Parse(name)?.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("v1.2.3")]
    [InlineData("20260115T103045")]
    [InlineData("20260115T103045Z-1")]
    [InlineData("20260115T103045Z-02")]
    [InlineData("20260115T103045Z\n")]
    [InlineData("20260115T103045Z.json")]
    [InlineData("../20260115T103045Z")]
    [InlineData(".20260115T103045Z.partial")]
    [InlineData("٢٠٢٦٠١١٥T103045Z")]
    public void Parse_AnythingElse_IsNull(string name) => Assert.Null(ReleaseName.Parse(name));

    [Fact]
    public void ByAge_TenthOfASecond_IsNewerThanSecond() =>
        Assert.True(ReleaseName.ByAge.Compare(ReleaseName.Parse("20260115T103045Z-10"), ReleaseName.Parse("20260115T103045Z-2")) > 0);

    [Theory]
    [InlineData(".20260115T103045Z.partial", "20260115T103045Z")]
    [InlineData(".20260115T103045Z-2.partial", "20260115T103045Z-2")]
    [InlineData(".build.partial", null)]
    [InlineData("20260115T103045Z.partial", null)]
    public void ParsePartial_Name_IsOursOrNull(string name, string? expected) => Assert.Equal(expected, ReleaseName.ParsePartial(name)?.ToString());
}
