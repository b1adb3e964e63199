using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>One entry of a zip file's central directory (PKWARE APPNOTE.TXT 6.3, section 4.3.12).</summary>
internal sealed record ZipRecord
{
    private const int FixedLength = 46;
    private const uint Signature = 0x02014b50;
    private const int Utf8Names = 1 << 11;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public required string Name { get; init; }

    /// <summary>The system whose attributes these are: 3 and 19 are Unix and macOS, 0, 10, 11 and 14 DOS and Windows.</summary>
    public required int HostSystem { get; init; }

    public required int Flags { get; init; }

    public required int Method { get; init; }

    public required uint Crc { get; init; }

    public required long CompressedLength { get; init; }

    public required long Length { get; init; }

    public required long LocalHeaderOffset { get; init; }

    public required uint ExternalAttributes { get; init; }

    public required DateTime? ModifiedUtc { get; init; }

    /// <summary>Reads the next record.</summary>
    /// <param name="directory">The central directory, at a record.</param>
    /// <param name="localZone">The zone DOS times are in.</param>
    /// <exception cref="DewyException">It is damaged.</exception>
    public static ZipRecord Read(Stream directory, TimeZoneInfo localZone)
    {
        Span<byte> head = stackalloc byte[FixedLength];
        Fill(directory, head);
        if (BinaryPrimitives.ReadUInt32LittleEndian(head) != Signature)
            throw ArchiveFailure.Corrupt($"The zip's directory is damaged at its byte {directory.Position - FixedLength}.");
        var name = new byte[BinaryPrimitives.ReadUInt16LittleEndian(head[28..])];
        var extra = new byte[BinaryPrimitives.ReadUInt16LittleEndian(head[30..])];
        var comment = new byte[BinaryPrimitives.ReadUInt16LittleEndian(head[32..])];
        Fill(directory, name);
        Fill(directory, extra);
        Fill(directory, comment);

        var fields = new ZipExtraFields(extra);
        var flags = BinaryPrimitives.ReadUInt16LittleEndian(head[8..]);
        var dosTime = BinaryPrimitives.ReadUInt32LittleEndian(head[12..]);

        // Fields that do not fit are in the zip64 extra field, in this order.
        var sizes = fields.Zip64;
        var length = Wide(BinaryPrimitives.ReadUInt32LittleEndian(head[24..]), ref sizes);
        var compressed = Wide(BinaryPrimitives.ReadUInt32LittleEndian(head[20..]), ref sizes);
        var offset = Wide(BinaryPrimitives.ReadUInt32LittleEndian(head[42..]), ref sizes);
        return new ZipRecord
        {
            Name = fields.UnicodeName(Crc32.HashToUInt32(name)) ?? Decode(name, (flags & Utf8Names) != 0),
            HostSystem = head[5],
            Flags = flags,
            Method = BinaryPrimitives.ReadUInt16LittleEndian(head[10..]),
            Crc = BinaryPrimitives.ReadUInt32LittleEndian(head[16..]),
            CompressedLength = compressed,
            Length = length,
            LocalHeaderOffset = offset,
            ExternalAttributes = BinaryPrimitives.ReadUInt32LittleEndian(head[38..]),
            ModifiedUtc = fields.ModifiedUtc ?? FromDos(dosTime, localZone),
        };
    }

    private static void Fill(Stream directory, Span<byte> buffer)
    {
        if (directory.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) < buffer.Length)
            throw ArchiveFailure.Corrupt("The zip's directory ends in the middle of an entry.");
    }

    private static long Wide(uint value, ref ReadOnlySpan<byte> zip64)
    {
        if (value != uint.MaxValue)
            return value;
        if (zip64.Length < 8)
            return value;
        var wide = BinaryPrimitives.ReadInt64LittleEndian(zip64);
        zip64 = zip64[8..];
        return wide >= 0 ? wide : throw ArchiveFailure.Corrupt("The zip's directory contains an impossible size.");
    }

    // Without the flag names are in code page 437 by the book and in UTF-8 by Unix tools.
    private static string Decode(byte[] name, bool utf8)
    {
        try
        {
            return StrictUtf8.GetString(name);
        }
        catch (DecoderFallbackException) when (!utf8)
        {
            return (CodePagesEncodingProvider.Instance.GetEncoding(437) ?? Encoding.Latin1).GetString(name);
        }
        catch (DecoderFallbackException exception)
        {
            throw ArchiveFailure.Corrupt($"The name '{ArchiveFailure.Show(Encoding.Latin1.GetString(name))}' says it is UTF-8 and is not.", exception);
        }
    }

    private static DateTime? FromDos(uint dos, TimeZoneInfo zone)
    {
        var (year, month, day) = (1980 + (int)(dos >> 25), (int)(dos >> 21) & 15, (int)(dos >> 16) & 31);
        var (hour, minute, second) = ((int)(dos >> 11) & 31, (int)(dos >> 5) & 63, (int)(dos & 31) * 2);
        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
            return null;
        var local = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Unspecified);
        return zone.IsInvalidTime(local) ? null : TimeZoneInfo.ConvertTimeToUtc(local, zone);
    }
}
