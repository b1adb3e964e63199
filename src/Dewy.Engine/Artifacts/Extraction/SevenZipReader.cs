using System.Text;
using SharpCompress.Archives.SevenZip;
using SharpCompress.Common.SevenZip;
using SharpCompress.Readers;

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>Reads 7z files through SharpCompress, in the order in which their solid blocks are stored.</summary>
internal sealed class SevenZipReader(Stream file, EntryIntake intake)
{
    private const int UnixExtension = 0x8000; // set by 7-Zip when the high half holds a Unix mode
    private const int WindowsReparsePoint = 0x400;
    private const int TypeMask = 0xF000;
    private const int LinkType = 0xA000;
    private const int DirectoryType = 0x4000;
    private const int RegularType = 0x8000;

    /// <summary>Passes on every entry.</summary>
    public void Read()
    {
        using var archive = Decode(() => SevenZipArchive.OpenArchive(file, new ReaderOptions { LeaveStreamOpen = true }));
        using var reader = Decode(archive.ExtractAllEntries);
        while (Decode(reader.MoveToNextEntry))
        {
            var entry = (SevenZipEntry)reader.Entry;
            if (entry.IsDirectory || entry.Size == 0)
            {
                Take(entry, Stream.Null);
                continue;
            }

            using var content = new DecodingStream(Decode(reader.OpenEntryStream), $"The data of entry '{ArchiveFailure.Show(entry.Key ?? "")}'", () => file.Position);
            using var verified = new VerifiedStream(content, entry.Key ?? "", entry.Size, entry.Crc == 0 ? null : (uint)entry.Crc);
            Take(entry, verified);
        }
    }

    private void Take(SevenZipEntry source, Stream content)
    {
        var name = source.Key ?? "";
        var attributes = source.ExtendedAttrib ?? 0;
        var mode = (attributes & UnixExtension) != 0 ? (int)((uint)attributes >> 16) : 0;
        if (source is SevenZipArchiveEntry { IsAnti: true } || (mode == 0 && (attributes & WindowsReparsePoint) != 0))
            throw ArchiveFailure.Unsupported($"Entry '{ArchiveFailure.Show(name)}' of the 7z is a Windows link or a deletion mark.", "Pack the artifact on Unix, or as .zip or .tar.gz.");
        var entry = new ArchiveEntry
        {
            Name = name,
            Kind = (mode & TypeMask) switch
            {
                LinkType => ArchiveEntryKind.SymbolicLink,
                DirectoryType => ArchiveEntryKind.Directory,
                RegularType or 0 => source.IsDirectory ? ArchiveEntryKind.Directory : ArchiveEntryKind.File,
                _ => ArchiveEntryKind.Special,
            },
            Mode = mode == 0 ? null : mode & 0xFFF,
            ModifiedUtc = source.LastModifiedTime?.ToUniversalTime(),
            Length = source.Size,
        };
        if (entry.Kind == ArchiveEntryKind.SymbolicLink)
            entry = entry with { LinkTarget = LinkText(name, content) };
        intake.Add(entry, content);
    }

    private static string LinkText(string name, Stream content)
    {
        var text = new byte[LinkTarget.MaxLength + 1];
        var length = content.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
        return length <= LinkTarget.MaxLength ? Encoding.UTF8.GetString(text, 0, length) : throw ArchiveFailure.Unsafe(name, "it is a symbolic link with an impossible target");
    }

    private T Decode<T>(Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception exception) when (DecodingStream.IsDecoderFailure(exception))
        {
            throw DecodingStream.Explain(exception, "The 7z data", file.Position);
        }
    }
}
