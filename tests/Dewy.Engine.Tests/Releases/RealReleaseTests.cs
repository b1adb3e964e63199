using Dewy.Engine.Releases;
using Dewy.Engine.Tests.Releases.AssetLists;
using Xunit;

namespace Dewy.Engine.Tests.Releases;

/// <summary>Lists of files in the manner well-known projects name theirs; <see cref="AssetListReader"/> says how to write one.</summary>
public sealed class RealReleaseTests
{
    private static readonly Dictionary<string, AssetList> Lists = AssetListReader.ReadAll().ToDictionary(list => list.Project, StringComparer.Ordinal);

    public static TheoryData<string> Projects => [.. Lists.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Choose_FilesOfAProject_TakesWhatItsUserWould(string project)
    {
        var list = Lists[project];
        var assets = list.Files.Select(name => new ReleaseAsset { Name = name, Location = new Uri("https://example.test/" + Uri.EscapeDataString(name)) }).ToList();

        var wrong = list.Expected
            .Select(fact => (Platform: fact.Key, Expected: fact.Value, Choice: new ArtifactChooser(null, HostPlatform.Parse(fact.Key), list.Repository).Choose(assets, list.Version)))
            .Where(fact => fact.Choice switch
            {
                ArtifactChoice.Chosen chosen => !string.Equals(chosen.Asset.Name, fact.Expected, StringComparison.Ordinal),
                ArtifactChoice.Ambiguous => fact.Expected is not AssetList.Several,
                _ => fact.Expected is not AssetList.Nothing,
            })
            .Select(fact => $"{fact.Platform}: {Describe(fact.Choice)} instead of {fact.Expected}")
            .ToList();

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Lists_AllOfThem_AreManyAndHaveFilesForEveryPlatform()
    {
        var real = Lists.Values.Where(list => list.IsReal).ToList();

        Assert.InRange(real.Count, 150, int.MaxValue);
        Assert.All(AssetListReader.Common, platform =>
            Assert.InRange(real.Count(list => list.Expected.TryGetValue(platform, out var file) && file is not (AssetList.Nothing or AssetList.Several)), 50, int.MaxValue));
        Assert.InRange(real.Sum(list => list.Expected.Values.Count(file => file is AssetList.Several)), 20, int.MaxValue);
    }

    [Theory]
    [InlineData("no-head\n  a.zip")]
    [InlineData("a/b 1.0\na.zip")]
    [InlineData("a/b 1.0\n  a.zip\n  linux: b.zip")]
    [InlineData("a/b 1.0\n  a.zip a.zip")]
    [InlineData("a/b 1.0\n  a.zip b.zip\n  linux mac win: {a,b}.zip")]
    public void Read_MalformedList_Throws(string text) => Assert.Throws<FormatException>(() => AssetListReader.Read(text).ToList());

    private static string Describe(ArtifactChoice choice) => choice switch
    {
        ArtifactChoice.Chosen chosen => chosen.Asset.Name,
        ArtifactChoice.Ambiguous several => $"ambiguous ({string.Join(' ', several.Names)})",
        _ => AssetList.Nothing,
    };
}
