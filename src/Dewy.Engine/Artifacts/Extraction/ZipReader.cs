using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>
/// Reads zip files by their central directory, one entry at a time. System.IO.Compression.ZipArchive is not used for it:
/// it takes the whole directory into memory before a limit can stop it, does not show the time stamps and system that
/// tell times and permissions right, and does not verify CRCs.
/// </summary>
internal sealed class ZipReader(SafeFileHandle file, EntryIntake intake, TimeZoneInfo localZone)
{
    private const int LocalLength = 30;
    private const uint LocalSignature = 0x04034b50;
    private const int TypeMask = 0xF000;
    private const int RegularType = 0x8000;
    private const int DirectoryType = 0x4000;
    private const int LinkType = 0xA000;
    private const int DosDirectory = 0x10;
    private const int EncryptionFlags = 0x2041; // encrypted, strongly encrypted, directory encrypted
    private const int AesMethod = 99;

    /// <summary>Passes on every entry.</summary>
    public void Read()
    {
        var directory = ZipDirectory.Find(file);
        var records = new SectionStream(file, directory.Start, directory.Length);
        var count = 0L;
        while (records.Position < records.Length)
        {
            Take(ZipRecord.Read(records, localZone), directory);
            count++;
        }

        if (count != directory.Entries && count % 65536 != directory.Entries)
            throw ArchiveFailure.Corrupt($"The zip announces {directory.Entries} entries and has {count}.");
    }

    private void Take(ZipRecord record, ZipDirectory directory)
    {
        var unix = record.HostSystem is 3 or 19;
        var attributes = (int)(record.ExternalAttributes >> 16);
        var name = record.Name;
        var directoryName = name.EndsWith('/') || (!unix && name.EndsWith('\\'));
        var kind = (attributes & TypeMask) switch
        {
            LinkType => ArchiveEntryKind.SymbolicLink,
            DirectoryType => ArchiveEntryKind.Directory,
            RegularType or 0 => directoryName || (!unix && (record.ExternalAttributes & DosDirectory) != 0) ? ArchiveEntryKind.Directory : ArchiveEntryKind.File,
            _ => ArchiveEntryKind.Special,
        };
        if ((record.Flags & EncryptionFlags) != 0 || record.Method == AesMethod)
            throw ArchiveFailure.Unsupported($"Entry '{ArchiveFailure.Show(name)}' of the zip is encrypted.", "Publish the artifact unencrypted, with a signature if it must be trusted.");

        var entry = new ArchiveEntry
        {
            Name = name,
            Kind = kind,
            Mode = attributes == 0 ? null : attributes & 0xFFF,
            ModifiedUtc = record.ModifiedUtc,
            Length = record.Length,
            BackslashSeparates = !unix,
        };
        if (kind is ArchiveEntryKind.Directory or ArchiveEntryKind.Special)
        {
            intake.Add(entry);
            return;
        }

        using var content = Open(record, directory);
        if (kind == ArchiveEntryKind.SymbolicLink)
            intake.Add(entry with { LinkTarget = LinkText(record, content) });
        else
            intake.Add(entry, content);
    }

    private VerifiedStream Open(ZipRecord record, ZipDirectory directory)
    {
        var shown = ArchiveFailure.Show(record.Name);
        var position = record.LocalHeaderOffset + directory.Shift;
        Span<byte> local = stackalloc byte[LocalLength];
        if (position < 0 || position > directory.Start - LocalLength)
            throw ArchiveFailure.Corrupt($"Entry '{shown}' of the zip lies outside the file.");
        ZipDirectory.ReadAt(file, local, position);
        if (BinaryPrimitives.ReadUInt32LittleEndian(local) != LocalSignature)
            throw ArchiveFailure.Corrupt($"Entry '{shown}' of the zip is not at byte {position}, where the directory says.");
        var start = position + LocalLength + BinaryPrimitives.ReadUInt16LittleEndian(local[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(local[28..]);
        if (start > directory.Start || record.CompressedLength > directory.Start - start)
            throw ArchiveFailure.Corrupt($"Entry '{shown}' of the zip is longer than the file.");
        var section = new SectionStream(file, start, record.CompressedLength);
        var decoder = new LazyStream(() => ZipMethod.Open(record, section));
        var decoded = new DecodingStream(decoder, $"The data of entry '{shown}'", () => start + section.Position);
        return new VerifiedStream(decoded, record.Name, record.Length, record.Crc);
    }

    private static string LinkText(ZipRecord record, Stream content)
    {
        if (record.Length > LinkTarget.MaxLength)
            throw ArchiveFailure.Unsafe(record.Name, "it is a symbolic link with an impossible target");
        var text = new byte[record.Length + 1];
        var length = content.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
        return Encoding.UTF8.GetString(text, 0, length);
    }
}
