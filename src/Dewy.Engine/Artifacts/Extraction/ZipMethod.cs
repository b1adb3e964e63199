using System.IO.Compression;
using SharpCompress.Compressors.BZip2;
using SharpCompress.Compressors.Deflate64;
using SharpCompress.Compressors.LZMA;
using SharpCompress.Compressors.ZStandard;

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>Compression methods of zip entries (PKWARE APPNOTE.TXT 6.3, section 4.4.5).</summary>
internal static class ZipMethod
{
    private const int LzmaHeaderLength = 4;

    /// <summary>Opens an entry's content.</summary>
    /// <exception cref="DewyException">The method is not supported.</exception>
    public static Stream Open(ZipRecord record, Stream section) => record.Method switch
    {
        0 => section,
        8 => new DeflateStream(section, CompressionMode.Decompress),
        9 => new Deflate64Stream(section, SharpCompress.Compressors.CompressionMode.Decompress),
        12 => BZip2Stream.Create(section, SharpCompress.Compressors.CompressionMode.Decompress, decompressConcatenated: false),
        14 => OpenLzma(record, section),
        93 => new DecompressionStream(section, leaveOpen: false),
        95 => new XzFileStream(section),
        var method => throw ArchiveFailure.Unsupported(
            $"Entry '{ArchiveFailure.Show(record.Name)}' of the zip uses compression method {method}, which Dewy does not read.",
            "Pack the artifact with an ordinary zip (deflate), or as .tar.gz or .tar.zst."),
    };

    // Section 5.8: two bytes of version, two of properties length, the properties, raw LZMA data.
    private static LzmaStream OpenLzma(ZipRecord record, Stream section)
    {
        var header = new byte[LzmaHeaderLength];
        section.ReadExactly(header);
        var properties = new byte[header[2] | (header[3] << 8)];
        section.ReadExactly(properties);
        return LzmaStream.Create(properties, section, record.CompressedLength - LzmaHeaderLength - properties.Length, record.Length);
    }
}
