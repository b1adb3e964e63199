using Dewy.Engine.Releases;

namespace Dewy.Engine.Artifacts.Verification;

/// <summary>Finds checksum files among a release's files by the names release tools give them.</summary>
internal static class ChecksumFileNames
{
    private static readonly string[] Suffixes = [".sha256", ".sha256sum", ".sha512", ".sha512sum"];

    private static readonly string[] ListNames =
        ["SHA256SUMS", "SHA256SUMS.txt", "SHA512SUMS", "SHA512SUMS.txt", "checksums.txt"];

    private static readonly string[] ListSuffixes =
        ["_checksums.txt", "-checksums.txt", "checksums.sha256", "checksums.sha512", "_SHA256SUMS", "_SHA512SUMS"];

    /// <summary>Whether the file is the checksum of this one artifact.</summary>
    public static bool IsBeside(string fileName, string artifactName) =>
        fileName.StartsWith(artifactName, StringComparison.OrdinalIgnoreCase)
        && Suffixes.Contains(fileName[artifactName.Length..], StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the file lists the checksums of a whole release.</summary>
    public static bool IsList(string fileName) =>
        ListNames.Contains(fileName, StringComparer.OrdinalIgnoreCase)
        || ListSuffixes.Any(suffix => fileName.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));

    /// <summary>The files that say something about an artifact, those beside it first.</summary>
    public static IReadOnlyList<ReleaseAsset> Among(IEnumerable<ReleaseAsset> files, string artifactName) =>
        [.. files
            .Where(file => !string.Equals(file.Name, artifactName, StringComparison.Ordinal) && (IsBeside(file.Name, artifactName) || IsList(file.Name)))
            .OrderByDescending(file => IsBeside(file.Name, artifactName))
            .ThenBy(file => file.Name, StringComparer.Ordinal)];
}
