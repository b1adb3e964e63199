using System.Text;

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>Tells what an artifact is: by its first bytes, and by its name where they leave it open.</summary>
internal static class ArchiveFormatDetector
{
    /// <summary>Bytes of the file's beginning that are needed.</summary>
    public const int HeadLength = TarHeader.BlockSize;

    private const string Supported = "Publish a .tar, .tar.gz, .tar.bz2, .tar.xz, .tar.zst, .zip, .7z or a single executable file.";

    private static readonly (string Ending, ArchiveContainer Container)[] ArchiveEndings =
    [
        (".tar.gz", ArchiveContainer.Tar), (".tgz", ArchiveContainer.Tar), (".tar.bz2", ArchiveContainer.Tar), (".tbz2", ArchiveContainer.Tar), (".tbz", ArchiveContainer.Tar),
        (".tar.xz", ArchiveContainer.Tar), (".txz", ArchiveContainer.Tar), (".tar.zst", ArchiveContainer.Tar), (".tzst", ArchiveContainer.Tar), (".tar", ArchiveContainer.Tar),
        (".zip", ArchiveContainer.Zip), (".7z", ArchiveContainer.SevenZip),
    ];

    private static readonly string[] CompressedEndings = [".gz", ".bz2", ".xz", ".zst"];

    private static readonly string[] UnsupportedEndings =
        [".rar", ".cab", ".deb", ".rpm", ".msi", ".dmg", ".iso", ".lz", ".lz4", ".lzma", ".lzo", ".z", ".br", ".cpio", ".xar", ".pkg"];

    // Programs that happen to be zip files; they are run as they are.
    private static readonly string[] ZipPrograms = [".jar", ".war", ".ear", ".pyz", ".pex", ".whl", ".egg", ".nupkg"];

    private static readonly string[] MarkupEndings = [".html", ".htm", ".xhtml", ".xml", ".svg", ".json"];

    /// <summary>Decides from the first bytes and the name.</summary>
    /// <exception cref="DewyException">The format is not supported, or the content is not what the name says.</exception>
    public static ArchiveFormat Detect(ReadOnlySpan<byte> head, string artifactName)
    {
        var name = Path.GetFileName(artifactName.Replace('\\', '/'));
        var promised = ArchiveEndings.FirstOrDefault(ending => name.EndsWith(ending.Ending, StringComparison.OrdinalIgnoreCase));
        var container = promised.Ending is null ? ArchiveContainer.SingleFile : promised.Container;
        if (head.IsEmpty)
            throw ArchiveFailure.Corrupt($"{name} is empty.");
        if (Compression(head) is not ArchiveCompression.None and var compression)
            return new ArchiveFormat(container == ArchiveContainer.Tar ? container : ArchiveContainer.SingleFile, compression, WithoutCompressedEnding(name));
        if (head.StartsWith("PK\x3\x4"u8) || head.StartsWith("PK\x5\x6"u8))
            return HasEnding(name, ZipPrograms) ? SingleFile(name) : new ArchiveFormat(ArchiveContainer.Zip, ArchiveCompression.None, name);
        if (head.StartsWith((ReadOnlySpan<byte>)[(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C]))
            return new ArchiveFormat(ArchiveContainer.SevenZip, ArchiveCompression.None, name);
        if (TarHeader.IsHeader(head) || (container == ArchiveContainer.Tar && head.Length == HeadLength && head.IndexOfAnyExcept((byte)0) < 0))
            return new ArchiveFormat(ArchiveContainer.Tar, ArchiveCompression.None, name);
        if (container != ArchiveContainer.SingleFile)
            throw NotWhatItSays(head, name);
        return ExecutableMagic.IsExecutable(head) ? SingleFile(name) : DetectByName(head, name);
    }

    /// <summary>Whether decompressed content is a tar; when not, it is the file itself.</summary>
    public static ArchiveContainer DetectDecompressed(ReadOnlySpan<byte> head, ArchiveFormat format) =>
        format.Container == ArchiveContainer.Tar || TarHeader.IsHeader(head) ? ArchiveContainer.Tar : ArchiveContainer.SingleFile;

    private static ArchiveFormat SingleFile(string name) => new(ArchiveContainer.SingleFile, ArchiveCompression.None, name);

    private static ArchiveFormat DetectByName(ReadOnlySpan<byte> head, string name)
    {
        if (UnsupportedFormat(head) is { } format)
            throw ArchiveFailure.Unsupported($"{name} is a {format}, which Dewy does not extract.", Supported);
        if (HasEnding(name, UnsupportedEndings))
            throw ArchiveFailure.Unsupported($"{name} is of a kind that Dewy does not extract.", Supported);
        if (HasEnding(name, CompressedEndings) || (Markup(head) is not null && !HasEnding(name, MarkupEndings)))
            throw NotWhatItSays(head, name);
        return SingleFile(name);
    }

    private static DewyException NotWhatItSays(ReadOnlySpan<byte> head, string name) => Markup(head) is { } markup
        ? ArchiveFailure.Corrupt($"{name} looks like {markup}, probably an error page that was published or served instead of the artifact: {FirstLine(head)}")
        : UnsupportedFormat(head) is { } format
            ? ArchiveFailure.Unsupported($"{name} is a {format}, which Dewy does not extract.", Supported)
            : ArchiveFailure.Corrupt($"{name} is not what its name says: it begins with {Convert.ToHexStringLower(head[..Math.Min(8, head.Length)])}.");

    private static ArchiveCompression Compression(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B, 0x08]))
            return ArchiveCompression.GZip;
        if (head.Length > 3 && head.StartsWith("BZh"u8) && head[3] is >= (byte)'1' and <= (byte)'9')
            return ArchiveCompression.BZip2;
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]))
            return ArchiveCompression.Xz;

        // A zstd file may begin with skippable frames (RFC 8878, section 3.1.2).
        var zstandard = head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]) || (head.Length > 4 && head[0] is >= 0x50 and <= 0x5F && head[1..4].SequenceEqual((ReadOnlySpan<byte>)[0x2A, 0x4D, 0x18]));
        return zstandard ? ArchiveCompression.Zstandard : ArchiveCompression.None;
    }

    private static string? UnsupportedFormat(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("Rar!"u8))
            return "RAR archive";
        if (head.StartsWith("!<arch>"u8))
            return "Debian package or ar archive";
        if (head.StartsWith((ReadOnlySpan<byte>)[0xED, 0xAB, 0xEE, 0xDB]))
            return "RPM package";
        if (head.StartsWith("MSCF"u8))
            return "Windows cabinet";
        if (head.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]))
            return "Windows installer package";
        if (head.StartsWith("LZIP"u8))
            return "lzip file";
        if (head.StartsWith((ReadOnlySpan<byte>)[0x04, 0x22, 0x4D, 0x18]))
            return "LZ4 file";
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x9D]))
            return "compress (.Z) file";
        if (head.StartsWith("070701"u8) || head.StartsWith("070707"u8))
            return "cpio archive";
        return head.StartsWith("xar!"u8) ? "xar archive" : null;
    }

    private static string? Markup(ReadOnlySpan<byte> head)
    {
        var text = Encoding.Latin1.GetString(head).TrimStart('\u00EF', '\u00BB', '\u00BF', ' ', '\r', '\n', '\t');
        if (text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase))
            return "an HTML page";
        if (text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<Error>", StringComparison.OrdinalIgnoreCase))
            return "an XML document";
        return text.StartsWith("{\"", StringComparison.Ordinal) || (text.StartsWith('{') && text[1..].TrimStart().StartsWith('"')) ? "a JSON document" : null;
    }

    private static string FirstLine(ReadOnlySpan<byte> head)
    {
        var line = Encoding.UTF8.GetString(head).Trim().Split('\n')[0];
        return ArchiveFailure.Show(line.Length > 100 ? line[..100] : line);
    }

    private static string WithoutCompressedEnding(string name) =>
        HasEnding(name, CompressedEndings) ? Path.GetFileNameWithoutExtension(name) : name;

    private static bool HasEnding(string name, string[] endings) =>
        endings.Any(ending => name.Length > ending.Length && name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
}
