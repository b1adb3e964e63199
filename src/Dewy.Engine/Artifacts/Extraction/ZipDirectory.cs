using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>
/// Where a zip file's central directory is and how many entries it announces (PKWARE APPNOTE.TXT 6.3, sections 4.3.12
/// to 4.3.16).
/// </summary>
/// <param name="Start">Position of the directory in the file.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Entries">Entries it announces.</param>
/// <param name="Shift">Bytes before the archive proper, such as a self-extractor, that offsets do not count.</param>
internal sealed record ZipDirectory(long Start, long Length, long Entries, long Shift)
{
    private const int EndLength = 22;
    private const int LocatorLength = 20;
    private const int End64Length = 56;
    private const int MaxComment = ushort.MaxValue;
    private const uint EndSignature = 0x06054b50;
    private const uint LocatorSignature = 0x07064b50;
    private const uint End64Signature = 0x06064b50;

    /// <summary>Finds the directory from the file's end.</summary>
    /// <exception cref="DewyException">There is none, or it is cut or on other disks.</exception>
    public static ZipDirectory Find(SafeFileHandle file)
    {
        var fileLength = RandomAccess.GetLength(file);
        var tail = new byte[(int)Math.Min(fileLength, EndLength + MaxComment + LocatorLength)];
        ReadAt(file, tail, fileLength - tail.Length);
        for (var at = tail.Length - EndLength; at >= 0; at--)
        {
            var end = tail.AsSpan(at);
            if (BinaryPrimitives.ReadUInt32LittleEndian(end) == EndSignature && BinaryPrimitives.ReadUInt16LittleEndian(end[20..]) <= end.Length - EndLength)
                return Read(file, fileLength - tail.Length + at, end, tail.AsSpan(0, at));
        }

        throw ArchiveFailure.Corrupt("The zip has no directory at its end: the file was cut short.");
    }

    private static ZipDirectory Read(SafeFileHandle file, long endPosition, ReadOnlySpan<byte> end, ReadOnlySpan<byte> before)
    {
        var disk = (uint)BinaryPrimitives.ReadUInt16LittleEndian(end[4..]);
        var entries = (ulong)BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
        var length = (ulong)BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
        var offset = (ulong)BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
        var directoryEnd = endPosition;
        if (before.Length >= LocatorLength && BinaryPrimitives.ReadUInt32LittleEndian(before[^LocatorLength..]) == LocatorSignature)
        {
            Span<byte> end64 = stackalloc byte[End64Length];
            directoryEnd = FindEnd64(file, before[^LocatorLength..], endPosition, end64);
            disk = BinaryPrimitives.ReadUInt32LittleEndian(end64[16..]);
            entries = BinaryPrimitives.ReadUInt64LittleEndian(end64[32..]);
            length = BinaryPrimitives.ReadUInt64LittleEndian(end64[40..]);
            offset = BinaryPrimitives.ReadUInt64LittleEndian(end64[48..]);
        }

        if (disk != 0)
            throw ArchiveFailure.Unsupported("The zip is split over several files.", "Publish the artifact as one file.");
        if (length > (ulong)directoryEnd || offset > (ulong)directoryEnd - length || entries > long.MaxValue)
            throw ArchiveFailure.Corrupt("The zip's directory lies outside the file: it is damaged or was cut.");
        var start = directoryEnd - (long)length;
        return new ZipDirectory(start, (long)length, (long)entries, start - (long)offset);
    }

    private static long FindEnd64(SafeFileHandle file, ReadOnlySpan<byte> locator, long endPosition, Span<byte> end64)
    {
        // Normally right before the locator; where bytes were put before the archive the recorded position is too small.
        Span<long> candidates = [endPosition - LocatorLength - End64Length, BinaryPrimitives.ReadInt64LittleEndian(locator[8..])];
        foreach (var position in candidates)
        {
            if (position < 0 || position > endPosition - LocatorLength - End64Length)
                continue;
            ReadAt(file, end64, position);
            if (BinaryPrimitives.ReadUInt32LittleEndian(end64) == End64Signature)
                return position;
        }

        throw ArchiveFailure.Corrupt("The zip's zip64 directory record is missing.");
    }

    /// <summary>Fills a buffer from a position in the file.</summary>
    /// <exception cref="DewyException">The file ends before that.</exception>
    public static void ReadAt(SafeFileHandle file, Span<byte> buffer, long position)
    {
        while (!buffer.IsEmpty)
        {
            var count = RandomAccess.Read(file, buffer, position);
            if (count == 0)
                throw ArchiveFailure.Corrupt($"The zip ends at byte {position} in the middle of a record.");
            buffer = buffer[count..];
            position += count;
        }
    }
}
