namespace Dewy.Engine.Releases;

/// <summary>A file of a release with what its name says, word by word.</summary>
/// <param name="Asset">The file.</param>
/// <param name="Format">What its extension says.</param>
/// <param name="Words">The words of its name without version and extension.</param>
internal sealed record ArtifactFileName(ReleaseAsset Asset, ArtifactFormat Format, IReadOnlyList<string> Words)
{
    private static readonly HashSet<string> MetadataWords = new(StringComparer.Ordinal)
    {
        "checksum", "checksums", "sha1", "sha1sum", "sha1sums", "sha256", "sha256sum", "sha256sums", "sha512", "sha512sum", "sha512sums",
        "md5", "md5sum", "md5sums", "b2sums", "b3sums", "shasums", "shasum", "shasums256", "sums", "sbom", "spdx", "cyclonedx", "provenance", "attestation", "intoto",
        "manifest", "source", "sources", "src", "changelog", "license", "readme",
    };

    private static readonly HashSet<string> LastResortWords = new(StringComparer.Ordinal)
    {
        "debug", "dbg", "debuginfo", "debugsymbols", "symbols", "dsym", "pdb", "unstripped", "test", "tests", "profile", "profiling",
        "asan", "tsan", "msan", "ubsan", "coverage", "bench", "benchmark", "benchmarks", "setup", "installer", "install",
    };

    /// <summary>Words that tell builds apart from nothing.</summary>
    private static readonly HashSet<string> Decoration = new(StringComparer.Ordinal)
    {
        "v", "release", "bin", "binary", "binaries", "unknown", "pc", "eabi", "eabihf",
    };

    /// <summary>How many words at the beginning are the program's own name.</summary>
    public int ProgramLength { get; init; }

    /// <summary>How many words at the beginning are the same in every file for some platform, or the program's name.</summary>
    public int LeadLength { get; init; }

    /// <summary>Platform words in the lead count only where no name of the release says anything of their kind after it.</summary>
    public bool LeadNamesSystem { get; init; } = true;

    /// <inheritdoc cref="LeadNamesSystem"/>
    public bool LeadNamesArchitecture { get; init; } = true;

    /// <summary>Whether the program's own name stands anywhere in it, as in <c>acme-server</c> of the program <c>server</c>.</summary>
    public bool HoldsProgram { get; init; }

    /// <summary>The program's own name, as far as the name begins with it.</summary>
    public IEnumerable<string> Program => Words.Take(ProgramLength);

    /// <summary>Whether the name has nothing but the program, its version and its platform.</summary>
    public bool IsBareProgram => ProgramLength > 0 && Variant.Count == 0;

    private IEnumerable<string> AfterLead => Words.Skip(LeadLength);

    public bool IsMetadata => !Format.IsArtifact || AfterLead.Any(MetadataWords.Contains);

    /// <summary>Builds for debugging and testing, and installers: taken only where there is nothing else.</summary>
    public bool IsLastResort => AfterLead.Any(LastResortWords.Contains);

    public bool NamesSystemAfterLead => AfterLead.Any(word => PlatformWords.OperatingSystem(word) is not null);

    public bool NamesArchitectureAfterLead => AfterLead.Any(word => PlatformWords.Architecture(word) is { Weak: false, Name: not ArchitectureWord.Any });

    /// <summary>Whether it tells which platforms the release is made for: what could be deployed, and packages.</summary>
    public bool IsBuild => !IsMetadata || Format.IsPackage;

    public bool NamesPlatform => Words.Any(word => PlatformWords.OperatingSystem(word) is not null || PlatformWords.Architecture(word) is not null);

    /// <summary>The operating systems the name says; the extension's overrules a lead such as <c>linux-tool</c> in <c>linux-tool.exe</c>.</summary>
    public IReadOnlyList<string> Systems
    {
        get
        {
            var skip = LeadNamesSystem && Format.OperatingSystem is null ? 0 : LeadLength;
            var named = Words.Skip(skip).Select(PlatformWords.OperatingSystem).OfType<string>();
            return [.. (Format.OperatingSystem is { } implied ? named.Append(implied) : named).Distinct(StringComparer.Ordinal)];
        }
    }

    /// <summary>What the name says about the architecture, each architecture once; empty where it says nothing.</summary>
    public IReadOnlyList<ArchitectureWord> Architectures
    {
        get
        {
            var words = Words.Skip(LeadNamesArchitecture ? 0 : LeadLength).Select(PlatformWords.Architecture).OfType<ArchitectureWord>().ToList();
            var strong = words.Where(word => word is { Weak: false, Name: not ArchitectureWord.Any }).ToList();
            var sixtyFour = words.Exists(word => word is { Weak: true, Name: "amd64" });
            if (strong.Count == 0)
                strong = words.Exists(word => word.Weak) ? words.Where(word => word.Weak).ToList() : words;

            // "ARM-64bit" and "x86-64bit" are one architecture in two words.
            return [.. strong
                .Select(word => (word, sixtyFour) switch
                {
                    ({ Name: "arm", Version: null, HardFloat: false }, true) => new ArchitectureWord("arm64"),
                    ({ Name: "386" }, true) => new ArchitectureWord("amd64"),
                    _ => word,
                })
                .GroupBy(word => word.Name, StringComparer.Ordinal)
                .Select(same => same.OrderByDescending(word => word.Version ?? 0).ThenByDescending(word => word.HardFloat).First())];
        }
    }

    /// <summary>The C library the name says; the last one, as in target triples.</summary>
    public CLibrary Library => Words.Skip(ProgramLength).Select(PlatformWords.Library).LastOrDefault(library => library != CLibrary.Unknown);

    /// <summary>
    /// The words that tell this build from other builds for the same platform, the program's own name left out, sorted.
    /// A distribution's name stays in it: a build for one distribution is another build than the one for any.
    /// </summary>
    public IReadOnlyList<string> Variant =>
    [
        .. Words
            .Select((word, i) => (word, inLead: i < LeadLength))
            .Skip(ProgramLength)
            .Where(part => !Decoration.Contains(part.word) && !SaysPlatform(part.word, part.inLead))
            .Select(part => part.word)
            .Order(StringComparer.Ordinal),
    ];

    private bool SaysPlatform(string word, bool inLead)
    {
        if (PlatformWords.IsDistribution(word))
            return false;
        if (PlatformWords.OperatingSystem(word) is not null)
            return !inLead || LeadNamesSystem;
        return PlatformWords.Architecture(word) is not null ? !inLead || LeadNamesArchitecture : PlatformWords.Library(word) != CLibrary.Unknown;
    }

    /// <summary>Takes a name apart; the lead is found later, by comparing it with its neighbours.</summary>
    public static ArtifactFileName Of(ReleaseAsset asset, string? version)
    {
        var format = ArtifactFormat.Of(asset.Name);
        var stem = asset.Name[..^format.Extension.Length];
        return new ArtifactFileName(asset, format, FileNameWords.Split(stem, version));
    }
}
