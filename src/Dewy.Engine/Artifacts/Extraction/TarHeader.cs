using System.Text;

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>
/// A 512-byte tar header: v7, ustar (POSIX.1-2001) and GNU. Field positions: ustar Interchange Format,
/// pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html, and GNU tar's manual, "Basic Tar Format".
/// </summary>
/// <param name="Type">The type flag; v7's NUL is <c>0</c>.</param>
/// <param name="Mode">The twelve permission bits.</param>
/// <param name="Size">Bytes of content that follow.</param>
/// <param name="ModifiedSeconds">Seconds since 1970.</param>
internal readonly record struct TarHeader(char Type, int Mode, long Size, long ModifiedSeconds)
{
    /// <summary>Bytes of a header; content is padded to a multiple of it.</summary>
    public const int BlockSize = 512;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>True when the checksum fits: the block is a header.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> block)
    {
        if (block.Length < BlockSize || !TryNumber(block.Slice(148, 8), out var expected))
            return false;

        // The sum counts its own field as blanks. Some old implementations summed signed characters.
        var unsigned = 8L * ' ';
        var signed = unsigned;
        for (var i = 0; i < BlockSize; i++)
        {
            if (i is >= 148 and < 156)
                continue;
            unsigned += block[i];
            signed += (sbyte)block[i];
        }

        return expected == unsigned || expected == signed;
    }

    /// <summary>Reads a header; null when a number in it is none.</summary>
    public static TarHeader? Parse(ReadOnlySpan<byte> block)
    {
        if (!TryNumber(block.Slice(100, 8), out var mode) || !TryNumber(block.Slice(124, 12), out var size) || !TryNumber(block.Slice(136, 12), out var modified) || size < 0)
            return null;
        var name = block[..100];
        var nameEnd = name.IndexOf((byte)0);
        var type = block[156] == 0 ? '0' : (char)block[156];

        // v7 has no type for directories: their names end with a slash.
        if (type == '0' && !IsUstar(block) && name[..(nameEnd < 0 ? name.Length : nameEnd)].EndsWith("/"u8))
            type = '5';
        return new TarHeader(type, (int)(mode & 0xFFF), size, modified);
    }

    /// <summary>The name in a header block.</summary>
    public static string Name(ReadOnlySpan<byte> block)
    {
        var name = Text(block[..100]);
        var prefix = IsUstar(block) ? Text(block.Slice(345, 155)) : "";
        return prefix.Length > 0 ? $"{prefix}/{name}" : name;
    }

    /// <summary>The link name in a header block.</summary>
    public static string LinkName(ReadOnlySpan<byte> block) => Text(block.Slice(157, 100));

    /// <summary>
    /// A number field: octal digits between blanks, or (GNU, star) base 256 when the highest bit is set. An empty field is 0.
    /// </summary>
    public static bool TryNumber(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        if (field[0] is 0x80 or 0xFF)
        {
            value = field[0] == 0xFF ? -1 : 0;
            foreach (var digit in field[1..])
            {
                if (value is > long.MaxValue >> 8 or < long.MinValue >> 8)
                    return false;
                value = (value << 8) | digit;
            }

            return true;
        }

        var text = field.Trim(" \0"u8);
        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'7')
                return false;
            value = (value << 3) | (uint)(digit - '0');
        }

        return true;
    }

    /// <summary>Text up to the first NUL, as UTF-8.</summary>
    /// <exception cref="DewyException">The bytes are no UTF-8, and the class library cannot make files of such names.</exception>
    public static string Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        var bytes = end < 0 ? field : field[..end];
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw ArchiveFailure.Unsupported(
                $"The name '{ArchiveFailure.Show(Encoding.Latin1.GetString(bytes))}' is not UTF-8.",
                "Rename the file, or pack the artifact under a UTF-8 locale.",
                exception);
        }
    }

    private static bool IsUstar(ReadOnlySpan<byte> block) => block.Slice(257, 6).SequenceEqual("ustar\0"u8);
}
