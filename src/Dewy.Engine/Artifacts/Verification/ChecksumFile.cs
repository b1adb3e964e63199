using System.Text;

namespace Dewy.Engine.Artifacts.Verification;

/// <summary>
/// A file of checksums as <c>sha256sum</c>, <c>sha512sum</c>, BSD's <c>sha256</c>, <c>openssl dgst</c> and release tools
/// write it. Lines that are none (comments, a clear-text signature's armour) are passed over; a file without a single
/// checksum is an error.
/// </summary>
internal sealed class ChecksumFile
{
    /// <summary>Largest file in bytes that is read: 1 MiB.</summary>
    public const int MaxSize = 1 << 20;

    private readonly string _fileName;

    private ChecksumFile(string fileName, IReadOnlyList<ChecksumEntry> entries)
    {
        _fileName = fileName;
        Entries = entries;
    }

    public IReadOnlyList<ChecksumEntry> Entries { get; }

    /// <summary>Reads a file's content.</summary>
    /// <param name="fileName">Its name, for messages.</param>
    /// <param name="content">UTF-8, or UTF-16 with a byte order mark as older PowerShell writes it.</param>
    /// <exception cref="DewyException"><see cref="ErrorCode.ChecksumMissing"/>: it is too large or holds no checksum.</exception>
    public static ChecksumFile Parse(string fileName, ReadOnlySpan<byte> content)
    {
        if (content.Length > MaxSize)
            throw Unusable(fileName, $"{fileName} has {content.Length:N0} bytes; a checksum file has at most {MaxSize:N0}.");
        var entries = new List<ChecksumEntry>();
        var text = Decode(content);
        foreach (var line in text.Split('\n')) // not EnumerateLines: it also splits at characters that names may hold
        {
            if (ChecksumLine.Parse(text[line]) is { } entry)
                entries.Add(entry);
        }

        return entries.Count > 0 ? new ChecksumFile(fileName, entries) : throw Unusable(fileName, $"{fileName} holds no checksum.");
    }

    /// <summary>
    /// The digests stated for an artifact, one an algorithm. A name in the file fits when it is the artifact's, with or
    /// without directories before it.
    /// </summary>
    /// <param name="artifactName">Name of the artifact.</param>
    /// <param name="besideArtifact">True for <c>&lt;artifact&gt;.sha256</c> and the like: its only line counts whatever name it carries.</param>
    /// <exception cref="DewyException"><see cref="ErrorCode.ChecksumMissing"/>: no line is about the artifact, or lines contradict each other.</exception>
    public IReadOnlyList<Digest> DigestsOf(string artifactName, bool besideArtifact)
    {
        if (Entries.Count == 1 && (besideArtifact || Entries[0].Name is null))
            return [Entries[0].Digest];
        var fitting = Entries.Where(entry => entry.Name is { } name && string.Equals(WithoutDot(name), artifactName, StringComparison.Ordinal)).ToList();
        if (fitting.Count == 0)
            fitting = [.. Entries.Where(entry => entry.Name is { } name && string.Equals(BaseName(name), artifactName, StringComparison.Ordinal))];
        if (fitting.Count == 0)
            throw Unusable(_fileName, $"{_fileName} lists {Entries.Count:N0} checksums, none of {artifactName}.");
        var digests = fitting.Select(entry => entry.Digest).Distinct().ToList();
        if (digests.DistinctBy(digest => digest.Algorithm, StringComparer.Ordinal).Count() != digests.Count)
            throw Unusable(_fileName, $"{_fileName} lists different checksums for {artifactName}.");
        return digests;
    }

    private static ReadOnlySpan<char> Decode(ReadOnlySpan<byte> content) => content switch
    {
        [0xEF, 0xBB, 0xBF, .. var rest] => Encoding.UTF8.GetString(rest),
        [0xFF, 0xFE, .. var rest] => Encoding.Unicode.GetString(rest),
        [0xFE, 0xFF, .. var rest] => Encoding.BigEndianUnicode.GetString(rest),
        _ => Encoding.UTF8.GetString(content),
    };

    private static string WithoutDot(string name) =>
        name.StartsWith("./", StringComparison.Ordinal) || name.StartsWith(".\\", StringComparison.Ordinal) ? name[2..] : name;

    private static string BaseName(string name) => name[(name.LastIndexOfAny(['/', '\\']) + 1)..];

    private static DewyException Unusable(string fileName, string message) => new(ErrorCode.ChecksumMissing, message)
    {
        Phase = "fetch",
        Target = fileName,
        NextStep = "Publish a checksum file that covers the artifact, or set --verify-checksum off.",
    };
}
