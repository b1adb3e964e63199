namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>Has the right reader pass on an artifact's entries.</summary>
internal sealed class ArtifactReader(FileStream file, ArchiveFormat format, EntryIntake intake, TimeZoneInfo localZone)
{
    /// <summary>Reads everything.</summary>
    /// <returns>The digest of what was read; null for formats that are not read from beginning to end.</returns>
    public Digest? Read()
    {
        switch (format.Container)
        {
            case ArchiveContainer.Zip:
                new ZipReader(file.SafeFileHandle, intake, localZone).Read();
                return null;
            case ArchiveContainer.SevenZip:
                new SevenZipReader(file, intake).Read();
                return null;
            default:
                using (var hashing = new HashingStream(file))
                {
                    ReadStream(new PeekableStream(hashing));
                    return hashing.Complete(intake.CancellationToken);
                }
        }
    }

    private void ReadStream(PeekableStream source)
    {
        using var decompressed = Decompression.Open(format.Compression, source, () => source.Position);
        var content = new PeekableStream(decompressed);
        var container = format.Container;
        if (format.Compression != ArchiveCompression.None)
            container = ArchiveFormatDetector.DetectDecompressed(content.Peek(ArchiveFormatDetector.HeadLength), format);
        if (container == ArchiveContainer.Tar)
            new TarReader(content, intake).Read();
        else
            new SingleFileReader(content, format.FileName, format.Compression == ArchiveCompression.None ? file.Length : null, intake).Read();
    }
}
