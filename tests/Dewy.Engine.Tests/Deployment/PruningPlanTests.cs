using Dewy.Engine.Deployment;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace Dewy.Engine.Tests.Deployment;

public sealed class PruningPlanTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Property]
    public bool Choose_AnyReleases_NeverTakesAProtectedOne(bool[] good, NonNegativeInt live, NonNegativeInt previous, PositiveInt keep)
    {
        var releases = Releases(good);
        var isProtected = Protects(releases, live.Get, previous.Get);

        return !PruningPlan.Choose(releases, isProtected, keep.Get % 10 + 1).Any(name => isProtected(name));
    }

    [Property]
    public bool Choose_AnyReleases_KeepsTheNewestGoodOnesAndNoOtherUnprotected(bool[] good, NonNegativeInt live, NonNegativeInt previous, PositiveInt keep)
    {
        var releases = Releases(good);
        var isProtected = Protects(releases, live.Get, previous.Get);
        var limit = keep.Get % 10 + 1;

        var gone = PruningPlan.Choose(releases, isProtected, limit);

        var newestGood = releases.Where(release => release.IsGood).Select(release => release.Name).Reverse().Take(limit).ToList();
        var expected = releases.Select(release => release.Name).Where(name => !newestGood.Contains(name) && !isProtected(name));
        return gone.SequenceEqual(expected);
    }

    [Property]
    public bool Choose_ShuffledReleases_ChoosesTheSame(bool[] good, PositiveInt keep)
    {
        var releases = Releases(good);
        var shuffled = releases.OrderBy(release => release.Name.ToString().GetHashCode(StringComparison.Ordinal)).ToList();

        return PruningPlan.Choose(releases, _ => false, keep.Get).SequenceEqual(PruningPlan.Choose(shuffled, _ => false, keep.Get));
    }

    [Fact]
    public void Choose_KeepNone_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PruningPlan.Choose([], _ => false, keep: 0));

    /// <summary>Oldest first, three in a second.</summary>
    private static List<(ReleaseName Name, bool IsGood)> Releases(bool[] good) =>
        [.. good.Select((isGood, index) => (ReleaseName.At(Start.AddSeconds(index / 3), (index % 3) + 1), isGood))];

    private static Func<ReleaseName, bool> Protects(List<(ReleaseName Name, bool IsGood)> releases, int live, int previous) =>
        name => releases.Count > 0 && (name == releases[live % releases.Count].Name || name == releases[previous % releases.Count].Name);
}
