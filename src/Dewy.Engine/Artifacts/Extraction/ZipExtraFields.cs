using System.Buffers.Binary;
using System.Text;

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>The extra fields of a zip entry that Dewy uses (PKWARE APPNOTE.TXT 6.3, section 4.5, and Info-ZIP's proginfo/extrafld.txt).</summary>
internal readonly ref struct ZipExtraFields
{
    private const int Zip64Id = 0x0001;
    private const int NtfsId = 0x000A;
    private const int ExtendedTimestampId = 0x5455;
    private const int UnicodePathId = 0x7075;

    private readonly ReadOnlySpan<byte> _unicodePath;

    public ZipExtraFields(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            int id = BinaryPrimitives.ReadUInt16LittleEndian(extra);
            int length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            extra = extra[4..];
            if (length > extra.Length)
                return; // fields some tools leave malformed are not worth refusing an archive for
            var data = extra[..length];
            extra = extra[length..];
            switch (id)
            {
                case Zip64Id:
                    Zip64 = data;
                    break;
                case ExtendedTimestampId when length >= 5 && (data[0] & 1) != 0:
                    ModifiedUtc = EntryTime.FromUnixSeconds(BinaryPrimitives.ReadInt32LittleEndian(data[1..]));
                    break;
                case NtfsId when length >= 32 && ModifiedUtc is null && BinaryPrimitives.ReadInt32LittleEndian(data[4..]) == 0x00180001:
                    ModifiedUtc = EntryTime.FromFileTime(BinaryPrimitives.ReadInt64LittleEndian(data[8..]));
                    break;
                case UnicodePathId when length > 5 && data[0] == 1:
                    _unicodePath = data;
                    break;
            }
        }
    }

    /// <summary>Sizes and offset too large for the fixed fields.</summary>
    public ReadOnlySpan<byte> Zip64 { get; }

    /// <summary>A modification time that needs no time zone.</summary>
    public DateTime? ModifiedUtc { get; }

    /// <summary>The name in UTF-8, where it belongs to the name in the record; null otherwise.</summary>
    public string? UnicodeName(uint crcOfName) =>
        !_unicodePath.IsEmpty && BinaryPrimitives.ReadUInt32LittleEndian(_unicodePath[1..]) == crcOfName ? Encoding.UTF8.GetString(_unicodePath[5..]) : null;
}
