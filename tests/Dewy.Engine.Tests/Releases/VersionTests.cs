using Dewy.Engine.Releases;
using Xunit;

namespace Dewy.Engine.Tests.Releases;

public sealed class VersionTests
{
    [Theory]
    [InlineData("1.2.3", "1.2.3", null, false)]
    [InlineData("v1.2.3", "1.2.3", null, false)]
    [InlineData("V1.2.3", "1.2.3", null, false)]
    [InlineData("v1.2.3-rc.1", "1.2.3-rc.1", null, true)]
    [InlineData("v1.2.3+blue", "1.2.3", "blue", false)]
    [InlineData("1.2.3-beta.2+green.eu", "1.2.3-beta.2", "green.eu", true)]
    [InlineData("99999999999999999999999.0.340282366920938463463374607431768211456", "99999999999999999999999.0.340282366920938463463374607431768211456", null, false)]
    public void TryParse_SemVerTag_TellsVersionAndSlot(string tag, string version, string? slot, bool preRelease)
    {
        var parsed = SemVerScheme.Instance.TryParse(tag);

        Assert.NotNull(parsed);
        Assert.Equal((version, slot, preRelease), (parsed.Text, parsed.Slot, parsed.IsPreRelease));
    }

    [Theory]
    [InlineData("")]
    [InlineData("v")]
    [InlineData("latest")]
    [InlineData("1.2")]
    [InlineData("v8")]
    [InlineData("1.2.3.4")]
    [InlineData("release-1.2.3")]
    [InlineData("vv1.2.3")]
    [InlineData("v.1.2.3")]
    [InlineData(" 1.2.3")]
    [InlineData("1.2.3 ")]
    [InlineData("1.2.3\n")]
    [InlineData("01.2.3")]
    [InlineData("1.2.3-01")]
    [InlineData("1.2.3-")]
    [InlineData("1.2.3+")]
    [InlineData("1.2.3_blue")]
    [InlineData("1.2.x")]
    [InlineData("１.２.３")]
    public void TryParse_NotASemVerTag_IsNull(string tag) => Assert.Null(SemVerScheme.Instance.TryParse(tag));

    [Fact]
    public void TryParse_EndlessTag_IsNull() => Assert.Null(SemVerScheme.Instance.TryParse("1.2." + new string('9', 5000)));

    [Fact]
    public void Precedence_ExampleOfTheSpecification_IsAscending()
    {
        // semver.org, item 11
        string[] ascending = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "2.0.0", "2.1.0", "2.1.1", "2.1.18446744073709551616"];

        AssertAscending(SemVerScheme.Instance, ascending);
    }

    [Fact]
    public void Precedence_SlotsAndLeadingV_HaveNoSay() =>
        Assert.Equal(0, ReleaseVersion.Precedence.Compare(SemVerScheme.Instance.TryParse("v1.2.3+blue"), SemVerScheme.Instance.TryParse("1.2.3+green")));

    [Theory]
    [InlineData("YYYY.0M.MICRO", "2024.01.0", "2024.01.0", null, false)]
    [InlineData("YYYY.0M.MICRO", "v2024.01.42", "2024.01.42", null, false)]
    [InlineData("YYYY.0M.MICRO", "2024.06.3+blue", "2024.06.3", "blue", false)]
    [InlineData("YYYY.0M.MICRO", "v2024.06.3-beta.2+blue", "2024.06.3-beta.2", "blue", true)]
    [InlineData("YYYY.0M.MICRO", "2024.06.123456789012345678901234567890", "2024.06.123456789012345678901234567890", null, false)]
    [InlineData("YYYY.MM.DD", "2024.1.9", "2024.1.9", null, false)]
    [InlineData("YYYY.MM.DD", "2024.11.31", "2024.11.31", null, false)]
    [InlineData("YY.MM.MICRO", "6.1.5", "6.1.5", null, false)]
    [InlineData("YY.MM.MICRO", "106.1.5", "106.1.5", null, false)]
    [InlineData("0Y.0M.0D", "06.01.09", "06.01.09", null, false)]
    [InlineData("0Y.0M.0D", "106.01.09", "106.01.09", null, false)]
    [InlineData("0Y0M0D", "241231", "241231", null, false)]
    [InlineData("YYYY.0W.MICRO", "2024.53.3", "2024.53.3", null, false)]
    [InlineData("YYYY.WW", "2024.1", "2024.1", null, false)]
    [InlineData("YYYY-0M-0D", "2024-01-15", "2024-01-15", null, false)]
    [InlineData("YYYY-0M-0D", "2024-01-15-rc.1", "2024-01-15-rc.1", null, true)]
    [InlineData("release-YYYY.0M", "release-2024.01", "release-2024.01", null, false)]
    public void TryParse_CalendarTag_TellsVersionAndSlot(string format, string tag, string version, string? slot, bool preRelease)
    {
        var parsed = CalVerScheme.Parse(format).TryParse(tag);

        Assert.NotNull(parsed);
        Assert.Equal((version, slot, preRelease), (parsed.Text, parsed.Slot, parsed.IsPreRelease));
    }

    [Theory]
    [InlineData("YYYY.0M.MICRO", "v1.2.3")]
    [InlineData("YYYY.0M.MICRO", "2024.13.0")]
    [InlineData("YYYY.0M.MICRO", "2024.00.0")]
    [InlineData("YYYY.0M.MICRO", "2024.1.0")]
    [InlineData("YYYY.0M.MICRO", "2024.01")]
    [InlineData("YYYY.0M.MICRO", "2024.01.0.1")]
    [InlineData("YYYY.0M.MICRO", "2024x01x0")]
    [InlineData("YYYY.0M.MICRO", "2024.01.0\n")]
    [InlineData("YYYY.0M.MICRO", "2024.01.0+")]
    [InlineData("YYYY.0M.MICRO", "٢٠٢٤.01.0")]
    [InlineData("YYYY.MM.DD", "2024.01.9")]
    [InlineData("YYYY.0M.0D", "2024.01.32")]
    [InlineData("YYYY.0W.MICRO", "2024.54.0")]
    [InlineData("0Y.0M", "6.01")]
    public void TryParse_TagOfAnotherFormat_IsNull(string format, string tag) => Assert.Null(CalVerScheme.Parse(format).TryParse(tag));

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("yyyy.mm.dd")]
    [InlineData("YYYY.M.D")]
    [InlineData("YYYY.0M.PATCH")]
    [InlineData("YYYY 0M")]
    [InlineData("YYYY+0M")]
    public void Parse_NotACalendarFormat_NamesIt(string format)
    {
        var failure = Assert.Throws<DewyException>(() => CalVerScheme.Parse(format));

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
        Assert.Contains($"'{format}'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("MICRO", failure.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public void Precedence_CalendarVersions_CompareNumbersFromLeftToRight() =>
        AssertAscending(CalVerScheme.Parse("YYYY.0M.MICRO"), ["2023.12.5", "2024.01.9", "2024.01.10", "2024.06.0-beta.1", "2024.06.0-rc.1", "2024.06.0", "2024.06.99999999999999999999"]);

    private static void AssertAscending(VersionScheme scheme, string[] tags)
    {
        var versions = Array.ConvertAll(tags, scheme.TryParse);
        for (var i = 0; i < versions.Length; i++)
        {
            for (var j = 0; j < versions.Length; j++)
                Assert.Equal(Math.Sign(i.CompareTo(j)), Math.Sign(ReleaseVersion.Precedence.Compare(versions[i], versions[j])));
        }
    }
}
