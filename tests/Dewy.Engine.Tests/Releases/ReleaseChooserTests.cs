using Dewy.Engine.Releases;
using Xunit;

namespace Dewy.Engine.Tests.Releases;

public sealed class ReleaseChooserTests
{
    private static readonly DateTimeOffset Day = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Rank_TagsOfAllKinds_OrdersVersionsAndRefusesTheRest()
    {
        var ranking = Rank(new ReleaseCriteria(), "v1.9.0", "nightly", "1.10.0", "v2.0.0-rc.1", "release-9.9.9", "v0.1.0");

        Assert.Equal(["1.10.0", "v1.9.0", "v0.1.0"], Tags(ranking));
        Assert.Equal(
            [("nightly", RefusalReason.NotAVersion), ("v2.0.0-rc.1", RefusalReason.PreRelease), ("release-9.9.9", RefusalReason.NotAVersion)],
            ranking.Refused.Select(refused => (refused.Candidate.Tag, refused.Reason)));
    }

    [Fact]
    public void Rank_PreReleaseAllowed_CountsIt() =>
        Assert.Equal(["v2.0.0-rc.1", "v1.9.0"], Tags(Rank(new ReleaseCriteria { PreRelease = true }, "v1.9.0", "v2.0.0-rc.1")));

    [Fact]
    public void Rank_MarkedAsPreRelease_CountsAsOne()
    {
        ReleaseCandidate[] candidates = [new() { Tag = "v1.0.0" }, new() { Tag = "v2.0.0", MarkedPreRelease = true }];

        Assert.Equal(["v1.0.0"], Tags(new ReleaseChooser(new ReleaseCriteria()).Rank(candidates)));
        Assert.Equal(["v2.0.0", "v1.0.0"], Tags(new ReleaseChooser(new ReleaseCriteria { PreRelease = true }).Rank(candidates)));
    }

    [Fact]
    public void Rank_SlotAskedFor_FiltersBeforeItChooses() =>
        Assert.Equal(["v1.1.0+blue", "v1.0.0+blue"], Tags(Rank(new ReleaseCriteria { Slot = "blue" }, "v1.0.0+blue", "v1.1.0+blue", "v1.2.0+green", "v1.3.0", "v1.4.0+Blue")));

    [Fact]
    public void Rank_NoSlotAskedFor_TakesAny() =>
        Assert.Equal("v1.2.0+green", Rank(new ReleaseCriteria(), "v1.1.0+blue", "v1.2.0+green", "v1.0.0").Newest?.Candidate.Tag);

    [Fact]
    public void Rank_SlotAfterUnderscore_CountsWhereSlotsMayStandThere()
    {
        ReleaseCandidate[] candidates = [new() { Tag = "1.2.0_blue" }, new() { Tag = "1.3.0_rc_blue" }, new() { Tag = "1.4.0_green" }, new() { Tag = "1.1.0-rc.1_blue" }, new() { Tag = "_blue" }, new() { Tag = "1.5.0_" }];
        var criteria = new ReleaseCriteria { Slot = "blue" };

        var ranking = new ReleaseChooser(criteria, slotAfterUnderscore: true).Rank(candidates);

        Assert.Equal(["1.2.0_blue"], Tags(ranking));
        Assert.Equal(("1.2.0", "blue"), (ranking.Newest?.Version.Text, ranking.Newest?.Version.Slot));
        Assert.Empty(new ReleaseChooser(criteria).Rank(candidates).Releases);
        Assert.Empty(new ReleaseChooser(new ReleaseCriteria(), slotAfterUnderscore: true).Rank(candidates).Releases);
    }

    [Fact]
    public void Rank_EqualPrecedence_TakesTheNewestPublished()
    {
        ReleaseCandidate[] candidates =
        [
            new() { Tag = "v1.0.0+a", CreatedAt = Day }, new() { Tag = "v1.0.0+b", CreatedAt = Day.AddDays(2) },
            new() { Tag = "v1.0.0+c" }, new() { Tag = "v1.0.0+d", CreatedAt = Day.AddDays(1) },
        ];

        Assert.Equal(["v1.0.0+b", "v1.0.0+d", "v1.0.0+a", "v1.0.0+c"], Tags(new ReleaseChooser(new ReleaseCriteria()).Rank(candidates)));
    }

    [Theory]
    [InlineData("~1.4", "1.4.9")]
    [InlineData("~1.4.2", "1.4.9")]
    [InlineData("^1.4", "1.10.0")]
    [InlineData("^2", "2.1.0")]
    [InlineData(">=1.2 <2", "1.10.0")]
    [InlineData("1.x", "1.10.0")]
    [InlineData("1.4.x", "1.4.9")]
    [InlineData("1.2 - 1.4", "1.4.9")]
    [InlineData("<1.4 || >=1.5 <1.6", "1.5.0")]
    [InlineData("~v1.4", "1.4.9")]
    [InlineData("1.4.0", "1.4.0")]
    [InlineData("=1.4.0", "1.4.0")]
    [InlineData("*", "100000000000000000000000.0.0")]
    [InlineData("^100000000000000000000000", "100000000000000000000000.0.0")]
    public void Rank_Constraint_TakesTheNewestInside(string constraint, string newest)
    {
        var ranking = Rank(new ReleaseCriteria { Constraint = constraint }, "0.9.0", "1.2.0", "1.4.0", "1.4.9", "1.5.0", "1.10.0", "2.0.0", "2.1.0", "100000000000000000000000.0.0");

        Assert.Equal(newest, ranking.Newest?.Candidate.Tag);
    }

    [Fact]
    public void Rank_ConstraintAndPreRelease_CountsThoseInside()
    {
        var criteria = new ReleaseCriteria { Constraint = "^1.4", PreRelease = true };

        Assert.Equal(["1.5.0-rc.1+x", "1.4.0"], Tags(Rank(criteria, "1.4.0", "1.5.0-rc.1+x", "1.3.0-rc.1", "2.0.0-rc.1")));
    }

    [Theory]
    [InlineData(">=1.2 <2")]
    [InlineData("^1.2")]
    [InlineData("1.x")]
    public void Rank_ConstraintBelowAMajorVersion_LeavesItsPreReleasesOut(string constraint) =>
        Assert.Equal(["1.9.0"], Tags(Rank(new ReleaseCriteria { Constraint = constraint, PreRelease = true }, "1.9.0", "2.0.0-rc.1", "2.0.0")));

    [Theory]
    [InlineData("newest")]
    [InlineData(">=1.2 <")]
    [InlineData("~>1.x.y")]
    [InlineData("1.2.3.4")]
    public void Constructor_NotARange_NamesIt(string constraint)
    {
        var failure = Assert.Throws<DewyException>(() => new ReleaseChooser(new ReleaseCriteria { Constraint = constraint }));

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
        Assert.Contains($"'{constraint}'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_RangeAndCalendarFormat_ExcludeEachOther()
    {
        var failure = Assert.Throws<DewyException>(() => new ReleaseChooser(new ReleaseCriteria { Constraint = "^1", CalVer = "YYYY.0M" }));

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
    }

    [Fact]
    public void Rank_CalendarVersions_FiltersByFormatAndSlot()
    {
        var criteria = new ReleaseCriteria { CalVer = "YYYY.0M.MICRO", Slot = "blue" };

        Assert.Equal(["2024.06.1+blue", "2024.01.0+blue"], Tags(Rank(criteria, "2024.01.0+blue", "2024.06.0+green", "2024.06.1+blue", "v1.2.3+blue", "2024.12.0-rc.1+blue")));
    }

    private static ReleaseRanking Rank(ReleaseCriteria criteria, params string[] tags) =>
        new ReleaseChooser(criteria).Rank(tags.Select(tag => new ReleaseCandidate { Tag = tag }));

    private static IEnumerable<string> Tags(ReleaseRanking ranking) => ranking.Releases.Select(release => release.Candidate.Tag);
}
