using System.Text.RegularExpressions;

namespace Dewy.Engine.Tests.Releases.AssetLists;

/// <summary>
/// Reads the lists of this folder. A list is <c>owner/repository version</c>, then indented lines of file names and
/// of expectations, <c>platforms: file</c>. In names <c>@</c> is the version and <c>{a,b}</c> each of its words, as in a
/// shell. As many files as platforms belong to them in order; one belongs to all. The file is <c>none</c>, <c>ambiguous</c>
/// or <c>?</c> where a name cannot tell what a person knows. For the platforms of <see cref="Common"/> that a list does
/// not mention it has nothing.
/// </summary>
internal static partial class AssetListReader
{
    private const string Unknown = "?";

    /// <summary>The platforms every list is asked about.</summary>
    public static readonly IReadOnlyList<string> Common =
        ["linux/amd64", "linux/amd64/musl", "linux/arm64", "linux/arm/v7", "darwin/amd64", "darwin/arm64", "windows/amd64", "windows/arm64"];

    private static readonly Dictionary<string, string[]> Names = new(StringComparer.Ordinal)
    {
        ["glibc"] = ["linux/amd64"], ["musl"] = ["linux/amd64/musl"], ["linux"] = ["linux/amd64", "linux/amd64/musl"],
        ["arm64"] = ["linux/arm64"], ["armv7"] = ["linux/arm/v7"],
        ["mac-x64"] = ["darwin/amd64"], ["mac-arm64"] = ["darwin/arm64"], ["mac"] = ["darwin/amd64", "darwin/arm64"],
        ["win-x64"] = ["windows/amd64"], ["win-arm64"] = ["windows/arm64"], ["win"] = ["windows/amd64", "windows/arm64"],
        ["all"] = [.. Common],
    };

    /// <summary>Every list of this folder.</summary>
    public static IEnumerable<AssetList> ReadAll()
    {
        var assembly = typeof(AssetListReader).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("AssetLists/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(name)!; // just listed
            using var reader = new StreamReader(stream);
            foreach (var list in Read(reader.ReadToEnd()))
                yield return list;
        }
    }

    public static IEnumerable<AssetList> Read(string text)
    {
        foreach (var block in text.ReplaceLineEndings("\n").Split("\n\n"))
        {
            var lines = block.Split('\n').Where(line => line.Length > 0 && !line.TrimStart().StartsWith('#')).ToList();
            if (lines.Count > 0)
                yield return ReadList(lines);
        }
    }

    private static AssetList ReadList(List<string> lines)
    {
        if (lines[0].Split(' ') is not [var project, var version] || !project.Contains('/', StringComparison.Ordinal))
            throw new FormatException($"No head of a list: '{lines[0]}'.");
        var files = new List<string>();
        var expected = Common.ToDictionary(platform => platform, _ => AssetList.Nothing, StringComparer.Ordinal);
        foreach (var line in lines.Skip(1))
        {
            if (!line.StartsWith("  ", StringComparison.Ordinal))
                throw new FormatException($"{project}: '{line}' is not indented.");
            if (Expectation().Match(line) is { Success: true } match)
                Expect(expected, match.Groups["platforms"].Value.Split(' '), [.. Expand(match.Groups["file"].Value, version)], project);
            else
                files.AddRange(line.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(name => Expand(name, version)));
        }

        var unknown = expected.Values.FirstOrDefault(file => file is not (AssetList.Nothing or AssetList.Several) && !files.Contains(file, StringComparer.Ordinal));
        if (unknown is not null)
            throw new FormatException($"{project}: no file is called '{unknown}'.");
        if (files.Count != files.Distinct(StringComparer.Ordinal).Count())
            throw new FormatException($"{project}: '{files.GroupBy(file => file, StringComparer.Ordinal).First(same => same.Count() > 1).Key}' is there twice.");
        return new AssetList(project, version, files, expected);
    }

    private static void Expect(Dictionary<string, string> expected, string[] platforms, List<string> files, string project)
    {
        if (files.Count != 1 && files.Count != platforms.Length)
            throw new FormatException($"{project}: {platforms.Length} platforms, but {files.Count} files.");
        for (var i = 0; i < platforms.Length; i++)
        {
            foreach (var platform in platforms[i].Contains('/', StringComparison.Ordinal) ? [platforms[i]] : Names[platforms[i]])
            {
                var file = files[files.Count == 1 ? 0 : i];
                if (file is Unknown)
                    expected.Remove(platform);
                else
                    expected[platform] = file;
            }
        }
    }

    private static IEnumerable<string> Expand(string pattern, string version)
    {
        var open = pattern.IndexOf('{', StringComparison.Ordinal);
        if (open < 0)
            return [pattern.Replace("@", version, StringComparison.Ordinal)];
        var close = pattern.IndexOf('}', open);
        return pattern[(open + 1)..close].Split(',').SelectMany(word => Expand(pattern[..open] + word + pattern[(close + 1)..], version));
    }

    [GeneratedRegex(@"\A  (?<platforms>[a-z0-9/ -]+): (?<file>\S+)\z", RegexOptions.NonBacktracking)]
    private static partial Regex Expectation();
}
