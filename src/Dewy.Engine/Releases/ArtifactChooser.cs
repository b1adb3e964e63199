using System.Text.RegularExpressions;

namespace Dewy.Engine.Releases;

/// <summary>
/// Chooses the file of a release for a host by its name. A pure function of the set of names, whatever their order.
/// <list type="number">
/// <item>An exact name is taken as it is; a glob narrows the choice.</item>
/// <item>Checksums, signatures, descriptions, packages, scripts and sources are never candidates.</item>
/// <item>The program's own name and what all names begin with is no statement about platforms, unless nothing else is.</item>
/// <item>The operating system must be named and be the host's; a file that names another one, or another architecture, is out.</item>
/// <item>Files of one build differ by architecture variant, C library, format, length and alphabet, in this order.</item>
/// <item>Of several builds the plain one wins: the program's name alone, or a name whose words all the others have too.
/// Without such a one the choice is ambiguous.</item>
/// </list>
/// </summary>
internal sealed class ArtifactChooser
{
    private readonly string? _wanted;
    private readonly HostPlatform _host;
    private readonly IReadOnlyList<IReadOnlyList<string>> _programs;

    /// <param name="wanted">Exact name or glob (<c>*</c>); null or empty to choose by platform alone.</param>
    /// <param name="host">The host the artifact must fit.</param>
    /// <param name="programs">Names the program may go by, such as the repository's and the application's.</param>
    public ArtifactChooser(string? wanted, HostPlatform host, params IReadOnlyList<string> programs)
    {
        _wanted = wanted;
        _host = host;
        _programs = [.. programs.Select(name => FileNameWords.Split(name, null)).Where(words => words.Count > 0).OrderByDescending(words => words.Count)];
    }

    /// <param name="assets">The files of the release.</param>
    /// <param name="version">The release's version, which is no part of a build's name.</param>
    public ArtifactChoice Choose(IEnumerable<ReleaseAsset> assets, string? version = null)
    {
        ArgumentNullException.ThrowIfNull(assets);
        var all = assets.OrderBy(asset => asset.Name, StringComparer.Ordinal).ToList();
        if (string.IsNullOrEmpty(_wanted))
            return ChooseByPlatform(Analyse(all, version), systemRequired: true);
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
            _ => ChooseByPlatform(matching, systemRequired: false),
        };
    }

    private ArtifactChoice ChooseByPlatform(IReadOnlyList<ArtifactFileName> files, bool systemRequired)
    {
        var candidates = files.Where(file => !file.IsMetadata).ToList();
        var forSystem = candidates.Where(file => file.Systems is [var only] && string.Equals(only, _host.OperatingSystem, StringComparison.Ordinal));
        var architectureNamed = forSystem.Any(file => file.Architectures.Count > 0);
        var fitting = new List<(ArtifactFileName File, (int System, int Architecture, int Library) Fit)>();
        foreach (var file in candidates)
        {
            if (PlatformFit.Of(file, _host, systemRequired, architectureNamed) is { } fit)
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
        var plain = builds.Find(build => builds.TrueForAll(other => IsPlainOf(build, other)));
        return plain is null
            ? new ArtifactChoice.Ambiguous([.. builds.Select(build => build.Asset.Name).Order(StringComparer.Ordinal)])
            : new ArtifactChoice.Chosen(plain.Asset);
    }

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
            var program = ProgramLength(file);
            return file with { ProgramLength = program, LeadLength = program };
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

    private int ProgramLength(ArtifactFileName file) =>
        _programs.FirstOrDefault(program => file.Words.Take(program.Count).SequenceEqual(program, StringComparer.Ordinal))?.Count ?? 0;

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
