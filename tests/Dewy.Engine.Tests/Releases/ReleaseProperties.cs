using Dewy.Engine.Releases;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace Dewy.Engine.Tests.Releases;

/// <summary>Rules that hold for every set of tags and of file names.</summary>
public sealed class ReleaseProperties
{
    private static readonly string[] Hosts = ["linux/amd64", "linux/amd64/musl", "linux/arm64", "linux/arm/v7", "linux/arm/v6", "linux/386", "darwin/arm64", "darwin/amd64", "windows/amd64", "windows/arm64"];

    private static readonly Gen<string> Numbers = Gen.Elements("0", "1", "2", "9", "10", "11", "18446744073709551616");

    private static readonly Gen<string> Tags =
        from v in Gen.Elements("", "v")
        from major in Numbers
        from minor in Gen.Elements("0", "0", "1", "10")
        from patch in Gen.Elements("0", "0", "0", "2")
        from pre in Gen.Elements("", "", "-alpha", "-alpha.1", "-alpha.beta", "-beta.2", "-beta.11", "-rc.1", "-1", "-99999999999999999999")
        from slot in Gen.Elements("", "", "+blue", "+green", "+1")
        select $"{v}{major}.{minor}.{patch}{pre}{slot}";

    private static readonly Gen<ReleaseCandidate> Candidates =
        from tag in Gen.Frequency((6, Tags), (1, Gen.Elements("latest", "1.2", "release-1.2.3", "")))
        from day in Gen.Choose(0, 3)
        from marked in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new ReleaseCandidate { Tag = tag, CreatedAt = day == 0 ? null : DateTimeOffset.UnixEpoch.AddDays(day), MarkedPreRelease = marked };

    private static readonly Gen<ReleaseCriteria> Criteria =
        from pre in Gen.Elements(true, false)
        from slot in Gen.Elements(null, "blue", "green")
        from constraint in Gen.Elements(null, "^1", ">=1 <10", "*", "~10.1")
        select new ReleaseCriteria { PreRelease = pre, Slot = slot, Constraint = constraint };

    private static readonly Gen<string> FileNames =
        from program in Gen.Elements("app", "app", "go-arch-lint", "windows_exporter", "darwinia", "armada", "linux-tool")
        from system in Gen.Elements("", "linux", "Linux", "darwin", "macOS", "osx", "windows", "win", "freebsd", "linux-android", "unknown-linux-musl", "unknown-linux-gnu", "apple-darwin", "pc-windows-msvc")
        from architecture in Gen.Elements("", "amd64", "x86_64", "x64", "arm64", "aarch64", "arm", "armv6", "armv7", "armhf", "i386", "x86", "386", "universal", "riscv64", "s390x", "64bit")
        from separator in Gen.Elements("-", "_", ".")
        from extra in Gen.Elements("", "", "", "debug", "extended", "src", "static")
        from extension in Gen.Elements("", ".tar.gz", ".zip", ".tar.xz", ".exe", ".deb", ".rpm", ".sha256", ".tar.gz.sha256", ".sig", ".pem", ".json", ".txt", ".msi", ".AppImage", ".sbom", ".apk")
        let named = extension switch
        {
            // A file is not of one system by its name and of another by its extension; what all names have in common then is the program's.
            ".exe" when !system.Contains("win", StringComparison.Ordinal) || system is "darwin" or "apple-darwin" => "windows",
            ".AppImage" when system is not ("" or "linux" or "Linux" or "unknown-linux-musl" or "unknown-linux-gnu") => "linux",
            _ => system,
        }
        select string.Join(separator, new[] { program, "1.2.3", named, architecture, extra }.Where(part => part.Length > 0)) + extension;

    [Property]
    public Property Precedence_ThreeVersions_IsATotalOrder() => Prop.ForAll(Gen.ArrayOf(Tags, 3).ToArbitrary(), tags =>
    {
        var v = Array.ConvertAll(tags, tag => SemVerScheme.Instance.TryParse(tag)!); // Tags makes valid ones only
        var order = ReleaseVersion.Precedence;
        var antisymmetric = Math.Sign(order.Compare(v[0], v[1])) == -Math.Sign(order.Compare(v[1], v[0]));
        var transitive = order.Compare(v[0], v[1]) > 0 || order.Compare(v[1], v[2]) > 0 || order.Compare(v[0], v[2]) <= 0;
        return antisymmetric && transitive && order.Compare(v[0], v[0]) == 0;
    });

    [Property]
    public Property Rank_AnyListing_FiltersBeforeItChooses() => Prop.ForAll(Gen.ListOf(Candidates).ToArbitrary(), Criteria.ToArbitrary(), (candidates, criteria) =>
    {
        var ranking = new ReleaseChooser(criteria).Rank(candidates);
        var alone = candidates.Where(candidate => new ReleaseChooser(criteria).Rank([candidate]).Newest is not null).ToList();
        Assert.Equal(alone.Count, ranking.Releases.Count);
        Assert.Equal(candidates.Count, ranking.Releases.Count + ranking.Refused.Count);
        Assert.All(ranking.Releases, release =>
        {
            Assert.True(criteria.PreRelease || (!release.Version.IsPreRelease && !release.Candidate.MarkedPreRelease));
            Assert.True(criteria.Slot is null || string.Equals(criteria.Slot, release.Version.Slot, StringComparison.Ordinal));
        });
        for (var i = 1; i < ranking.Releases.Count; i++)
        {
            var order = ReleaseVersion.Precedence.Compare(ranking.Releases[i - 1].Version, ranking.Releases[i].Version);
            Assert.True(order > 0 || (order == 0 && (ranking.Releases[i - 1].Candidate.CreatedAt ?? DateTimeOffset.MinValue) >= (ranking.Releases[i].Candidate.CreatedAt ?? DateTimeOffset.MinValue)));
        }
    });

    [Property(MaxTest = 300)]
    public Property Rank_AnyOrder_IsTheSame() => Prop.ForAll(Gen.ListOf(Candidates).ToArbitrary(), Criteria.ToArbitrary(), (candidates, criteria) =>
    {
        var chooser = new ReleaseChooser(criteria);
        candidates = [.. candidates.DistinctBy(candidate => candidate.Tag, StringComparer.Ordinal)]; // as registries have them
        return chooser.Rank(candidates).Releases.Select(release => release.Candidate)
            .SequenceEqual(chooser.Rank(candidates.AsEnumerable().Reverse()).Releases.Select(release => release.Candidate));
    });

    [Property(MaxTest = 300)]
    public Property Choose_AnyNames_NeverTakesMetadataOrAnotherPlatform() => Prop.ForAll(Gen.ListOf(FileNames).ToArbitrary(), Gen.Elements(Hosts).ToArbitrary(), (names, host) =>
    {
        if (Choose(names, host) is not ArtifactChoice.Chosen { Asset.Name: var chosen })
            return;
        string[] never = [".deb", ".rpm", ".sha256", ".sig", ".pem", ".json", ".txt", ".msi", ".sbom", ".apk"];
        Assert.False(Array.Exists(never, extension => chosen.EndsWith(extension, StringComparison.OrdinalIgnoreCase)), $"{chosen} for {host}");
        Assert.DoesNotContain("src", chosen, StringComparison.Ordinal);

        // What the generator wrote after the program's name, read independently of the chooser.
        var platform = chosen[chosen.IndexOf("1.2.3", StringComparison.Ordinal)..].ToLowerInvariant();
        string[] otherSystems = host[..host.IndexOf('/', StringComparison.Ordinal)] switch
        {
            "linux" => ["darwin", "macos", "osx", "windows", "-win-", "_win_", ".win.", "freebsd", "android", ".exe"],
            "darwin" => ["linux", "windows", "-win-", "_win_", ".win.", "freebsd", ".exe", ".appimage"],
            _ => ["linux", "darwin", "macos", "osx", "freebsd", ".appimage"],
        };
        Assert.False(Array.Exists(otherSystems, word => platform.Contains(word, StringComparison.Ordinal)), $"{chosen} for {host}");
        string[] otherArchitectures = host.Split('/')[1] switch
        {
            "amd64" => ["arm", "aarch64", "386", "riscv", "s390"],
            "arm64" => ["amd64", "x86", "x64", "armv", "armhf", "386", "riscv", "s390", "64bit"],
            "arm" => ["amd64", "x86", "x64", "arm64", "aarch64", "386", "riscv", "s390", "64bit"],
            _ => ["amd64", "x86_64", "x64", "arm", "aarch64", "riscv", "s390", "64bit"],
        };
        Assert.False(Array.Exists(otherArchitectures, word => platform.Contains(word, StringComparison.Ordinal)), $"{chosen} for {host}");
    });

    [Property(MaxTest = 300)]
    public Property Choose_AnyOrder_IsTheSame() => Prop.ForAll(Gen.ListOf(FileNames).ToArbitrary(), Gen.Elements(Hosts).ToArbitrary(), (names, host) =>
        string.Equals(Describe(Choose(names, host)), Describe(Choose(names.AsEnumerable().Reverse(), host)), StringComparison.Ordinal));

    [Property(MaxTest = 300)]
    public Property Choose_MetadataBesideTheFiles_ChangesNothing() => Prop.ForAll(Gen.NonEmptyListOf(FileNames).ToArbitrary(), Gen.Elements(Hosts).ToArbitrary(), (names, host) =>
    {
        var choice = Choose(names, host);
        var more = names.Concat(names.Select(name => name + ".sha256")).Append("checksums.txt").Append("SHA256SUMS").Append("app_1.2.3.sbom.json");
        Assert.True(choice is ArtifactChoice.NotFound || string.Equals(Describe(choice), Describe(Choose(more, host)), StringComparison.Ordinal));
    });

    [Property]
    public Property Choose_AnyText_DoesNotThrow() => Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>[]>(), names =>
        Choose(names.Select(name => name.Get), "linux/amd64") is not null);

    private static ArtifactChoice Choose(IEnumerable<string> names, string host) => new ArtifactChooser(null, HostPlatform.Parse(host), "app", "go-arch-lint")
        .Choose(names.Distinct(StringComparer.Ordinal).Select(name => new ReleaseAsset { Name = name, Location = new Uri("https://example.test/") }), "1.2.3");

    private static string Describe(ArtifactChoice choice) => choice switch
    {
        ArtifactChoice.Chosen chosen => chosen.Asset.Name,
        ArtifactChoice.Ambiguous several => $"ambiguous {string.Join('|', several.Names)}",
        _ => "not found",
    };
}
