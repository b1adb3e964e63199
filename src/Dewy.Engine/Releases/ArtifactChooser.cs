using System.Text.RegularExpressions;

namespace Dewy.Engine.Releases;

/// <summary>
/// Chooses the file of a release for a host by its name. A pure function of the set of names, whatever their order.
/// <list type="number">
/// <item>An exact name is taken as it is; a glob narrows the choice.</item>
/// <item>Checksums, signatures, descriptions, packages, scripts and sources are never candidates.</item>
/// <item>The program's own name and what all names begin with is no statement about platforms, unless nothing else is.</item>
/// <item>The operating system must be named and be the host's; a file that names another one, or another architecture, is out.
/// Where no file of the release names one, the release is Linux's if files name architectures, and everybody's if none does.</item>
/// <item>Files of one build differ by architecture variant, C library, format, length and alphabet, in this order.</item>
/// <item>Of several builds the plain one wins: the program's name alone, or a name whose words all the others have too;
/// failing that the one of those with the program's name in them. Without such a one the choice is ambiguous.</item>
/// </list>
/// </summary>
internal sealed class ArtifactChooser
{
    private readonly string? _wanted;
    private readonly HostPlatform _host;
    private readonly IReadOnlyList<string> _programs;

    /// <param name="wanted">Exact name or glob (<c>*</c>); null or empty to choose by platform alone.</param>
    /// <param name="host">The host the artifact must fit.</param>
    /// <param name="programs">Names the program may go by, such as the repository's and the application's.</param>
    public ArtifactChooser(string? wanted, HostPlatform host, params IReadOnlyList<string> programs)
    {
        _wanted = wanted;
        _host = host;
        _programs = [.. programs.Select(name => string.Concat(FileNameWords.Split(name, null))).Where(program => program.Length > 0).OrderByDescending(program => program.Length)];
    }

    /// <param name="assets">The files of the release.</param>
    /// <param name="version">The release's version, which is no part of a build's name.</param>
    public ArtifactChoice Choose(IEnumerable<ReleaseAsset> assets, string? version = null)
    {
        ArgumentNullException.ThrowIfNull(assets);
        var all = assets.OrderBy(asset => asset.Name, StringComparer.Ordinal).ToList();
        if (string.IsNullOrEmpty(_wanted))
            return ChooseByPlatform(Analyse(all, version), narrowed: false);
        if (!_wanted.Contains('*', StringComparison.Ordinal))
        {
            return all.Find(asset => string.Equals(asset.Name, _wanted, StringComparison.Ordinal)) is { } exact
                ? new ArtifactChoice.Chosen(exact)
                : NotFound(Analyse(all, version));
        }

        var files = Analyse(all, version);
        var glob = new Regex($"\\A{Regex.Escape(_wanted).Replace("\\*", ".*", StringComparison.Ordinal)}\\z", RegexOptions.NonBacktracking | RegexOptions.Singleline);
        var matching = files.Where(file => !file.IsMetadata && glob.IsMatch(file.Asset.Name)).ToList();
        return matching.Count switch
        {
            0 => NotFound(files),
            1 => new ArtifactChoice.Chosen(matching[0].Asset),
            _ => ChooseByPlatform(matching, narrowed: true),
        };
    }

    /// <param name="files">The files to choose among.</param>
    /// <param name="narrowed">Whether a person has chosen these: then a file need not name an operating system.</param>
    private ArtifactChoice ChooseByPlatform(IReadOnlyList<ArtifactFileName> files, bool narrowed)
    {
        var candidates = files.Where(file => !file.IsMetadata).ToList();
        var naming = NamingOf(files);
        bool SystemRequired(ArtifactFileName file) => !narrowed && !MayLeaveSystemOut(file, naming);
        var architectureNamed = candidates.Exists(file => PlatformFit.IsForSystem(file, _host, SystemRequired(file)) && file.Architectures.Count > 0);
        var fitting = new List<(ArtifactFileName File, (int System, int Architecture, int Library) Fit)>();
        foreach (var file in candidates)
        {
            if (PlatformFit.Of(file, _host, SystemRequired(file), architectureNamed) is { } fit)
                fitting.Add((file, fit));
        }

        if (fitting.Exists(candidate => !candidate.File.IsLastResort))
            fitting.RemoveAll(candidate => candidate.File.IsLastResort);
        if (fitting.Count == 0)
            return NotFound(files);

        // One build is one variant; its files differ by platform details and format only.
        var builds = fitting
            .GroupBy(candidate => string.Join(' ', [.. candidate.File.Program, "/", .. candidate.File.Variant]), StringComparer.Ordinal)
            .Select(build => build
                .OrderBy(candidate => candidate.Fit)
                .ThenBy(candidate => candidate.File.Format.Rank(_host.OperatingSystem))
                .ThenBy(candidate => candidate.File.Asset.Name.Length)
                .ThenBy(candidate => candidate.File.Asset.Name, StringComparer.Ordinal)
                .First().File)
            .ToList();
        var plain = PlainOf(builds) ?? PlainOf(builds.FindAll(build => build.HoldsProgram));
        return plain is null
            ? new ArtifactChoice.Ambiguous([.. builds.Select(build => build.Asset.Name).Order(StringComparer.Ordinal)])
            : new ArtifactChoice.Chosen(plain.Asset);
    }

    private static PlatformNaming NamingOf(IReadOnlyList<ArtifactFileName> files)
    {
        var builds = files.Where(file => file.IsBuild).ToList();
        if (builds.Exists(file => file.Systems.Count > 0))
            return PlatformNaming.Systems;
        var naming = builds.Where(file => file.Architectures.Any(word => word.Name is not ArchitectureWord.Any)).ToList();
        if (naming.Count == 0)
            return PlatformNaming.Nothing;

        // Packages for an architecture and an archive for none: that is the source.
        return naming.Exists(file => !file.IsMetadata) ? PlatformNaming.Architectures : PlatformNaming.Systems;
    }

    private bool MayLeaveSystemOut(ArtifactFileName file, PlatformNaming naming) => naming switch
    {
        PlatformNaming.Architectures => _host.OperatingSystem is "linux" && file.Format.IsUnixManner,
        PlatformNaming.Nothing => file.Format.IsPortable,
        _ => false,
    };

    private static ArtifactFileName? PlainOf(List<ArtifactFileName> builds) => builds.Find(build => builds.TrueForAll(other => IsPlainOf(build, other)));

    /// <summary>Whether a build is the same as, or the plain form of another: the bare program, or nothing but words the other has too.</summary>
    private static bool IsPlainOf(ArtifactFileName build, ArtifactFileName other)
    {
        if (ReferenceEquals(build, other))
            return true;
        if (build.IsBareProgram)
            return !other.IsBareProgram;
        var words = other.Variant.ToList();
        return build.Program.SequenceEqual(other.Program, StringComparer.Ordinal) && build.Variant.All(words.Remove);
    }

    private List<ArtifactFileName> Analyse(List<ReleaseAsset> assets, string? version)
    {
        var files = assets.ConvertAll(asset => ArtifactFileName.Of(asset, version));
        files = files.ConvertAll(file =>
        {
            var program = ProgramLengthAt(file.Words, 0);
            return file with { ProgramLength = program, LeadLength = program, HoldsProgram = Enumerable.Range(0, file.Words.Count).Any(at => ProgramLengthAt(file.Words, at) > 0) };
        });

        // What every file for some platform begins with is the program's name as well, whatever the program is called.
        var bearing = files.Where(file => !file.IsMetadata && file.NamesPlatform).ToList();
        var common = bearing.Count > 1 ? CommonLength(bearing) : 0;
        files = files.ConvertAll(file => file with { LeadLength = Math.Max(file.LeadLength, Math.Min(common, file.Words.Count)) });

        bearing = files.Where(file => !file.IsMetadata && file.NamesPlatform).ToList();
        var systemLater = bearing.Exists(file => file.NamesSystemAfterLead);
        var architectureLater = bearing.Exists(file => file.NamesArchitectureAfterLead);
        return files.ConvertAll(file => file with { LeadNamesSystem = !systemLater, LeadNamesArchitecture = !architectureLater });
    }

    /// <summary>How many words from a place on are the program's name, however it is parted: <c>argo-cd</c> is <c>argocd</c>.</summary>
    private int ProgramLengthAt(IReadOnlyList<string> words, int start)
    {
        foreach (var program in _programs)
        {
            var rest = program.AsSpan();
            for (var i = start; i < words.Count && rest.StartsWith(words[i], StringComparison.Ordinal); i++)
            {
                rest = rest[words[i].Length..];
                if (rest.IsEmpty)
                    return i + 1 - start;
            }
        }

        return 0;
    }

    private static int CommonLength(List<ArtifactFileName> files)
    {
        var length = files[0].Words.Count;
        foreach (var file in files)
        {
            var same = 0;
            while (same < length && same < file.Words.Count && string.Equals(file.Words[same], files[0].Words[same], StringComparison.Ordinal))
                same++;
            length = same;
        }

        return length;
    }

    private static ArtifactChoice.NotFound NotFound(IReadOnlyList<ArtifactFileName> files)
    {
        var possible = files.Where(file => !file.IsMetadata).ToList();
        return new ArtifactChoice.NotFound([.. (possible.Count > 0 ? possible : files).Select(file => file.Asset.Name)]);
    }
}
