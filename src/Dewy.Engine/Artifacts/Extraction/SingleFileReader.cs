namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>An artifact that is the program itself, perhaps compressed: one file with mode 0755.</summary>
internal sealed class SingleFileReader(Stream content, string fileName, long? length, EntryIntake intake)
{
    private const int Executable = 0b111_101_101;

    /// <summary>Passes on the one entry.</summary>
    public void Read() =>
        intake.Add(new ArchiveEntry { Name = fileName, Kind = ArchiveEntryKind.File, Mode = Executable, Length = length }, content);
}
