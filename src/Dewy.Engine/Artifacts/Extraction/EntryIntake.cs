namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>
/// Where readers of all formats put what they find: checks names, kinds, permissions, links and limits, and passes the
/// rest on to be written. Used by the reading thread only.
/// </summary>
internal sealed class EntryIntake(WriteQueue queue, ExtractionBudget budget, ExtractionProgress progress, CancellationToken cancellationToken)
{
    private const int SpecialBits = 0b111_000_000_000;
    private const UnixFileMode DefaultFileMode = (UnixFileMode)0b110_100_100;
    private const UnixFileMode ExecutableMode = (UnixFileMode)0b111_101_101;

    private readonly bool _windows = OperatingSystem.IsWindows();

    /// <summary>Cancelled when extraction is to stop.</summary>
    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>Takes one entry. Content is read to its end; it is ignored for everything but files.</summary>
    /// <exception cref="DewyException">The entry is unsafe or exceeds a limit.</exception>
    public void Add(ArchiveEntry entry, Stream? content = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        budget.AddEntry(entry.Name);
        progress.Report();
        var path = EntryPath.Normalize(entry.Name, entry.BackslashSeparates, _windows);
        RefuseSpecial(entry);
        if (path.Length == 0 && entry.Kind != ArchiveEntryKind.Directory)
            throw ArchiveFailure.Unsafe(entry.Name, "it would replace the release directory itself");

        var tree = new TreeEntry
        {
            Name = entry.Name,
            Path = path,
            Kind = entry.Kind,
            Mode = entry.Mode is { } bits ? (UnixFileMode)bits : null,
            ModifiedUtc = entry.ModifiedUtc,
        };
        switch (entry.Kind)
        {
            case ArchiveEntryKind.File:
                budget.CheckDeclared(entry.Name, entry.Length ?? 0);
                AddFile(tree, content ?? Stream.Null);
                return;
            case ArchiveEntryKind.SymbolicLink:
                var target = entry.LinkTarget ?? "";
                tree = tree with { LinkTarget = target, LinkSettled = LinkTarget.CheckText(entry.Name, path, target, _windows) };
                break;
            case ArchiveEntryKind.HardLink:
                tree = tree with { LinkTarget = HardLinkTarget(entry) };
                break;
        }

        queue.Add(new WriteCommand(tree, Buffer: null, Count: 0, Ends: true));
    }

    /// <summary>Counts a header that makes no entry of its own, such as a pax extended header.</summary>
    public void CountHeader(string name)
    {
        cancellationToken.ThrowIfCancellationRequested();
        budget.AddEntry(name);
    }

    /// <summary>Reads to a stream's end what belongs to no entry, so that checksums at its end are verified; it counts as extracted.</summary>
    public void Discard(Stream rest)
    {
        var buffer = queue.Rent();
        try
        {
            while (rest.Read(buffer) is > 0 and var count)
            {
                cancellationToken.ThrowIfCancellationRequested();
                budget.AddDiscarded("(after the last entry)", count);
            }
        }
        finally
        {
            queue.Return(buffer);
        }
    }

    private static void RefuseSpecial(ArchiveEntry entry)
    {
        if (entry.Kind == ArchiveEntryKind.Special)
            throw ArchiveFailure.Unsafe(entry.Name, "it is a device, FIFO or socket");
        if (entry.Mode is { } mode && (mode & SpecialBits) != 0 && entry.Kind is ArchiveEntryKind.File or ArchiveEntryKind.Directory)
            throw ArchiveFailure.Unsafe(entry.Name, $"it has setuid, setgid or sticky permissions ({Convert.ToString(mode, 8)})");
    }

    private string HardLinkTarget(ArchiveEntry entry)
    {
        try
        {
            var target = EntryPath.Normalize(entry.LinkTarget ?? "", entry.BackslashSeparates, _windows);
            if (target.Length > 0)
                return target;
        }
        catch (DewyException)
        {
            // Told below with both names.
        }

        throw ArchiveFailure.Unsafe(entry.Name, $"it is a hard link to '{ArchiveFailure.Show(entry.LinkTarget ?? "")}', which is not a file of the archive");
    }

    private void AddFile(TreeEntry file, Stream content)
    {
        TreeEntry? begins = file;
        while (true)
        {
            var buffer = queue.Rent();
            int count;
            try
            {
                count = Fill(file.Name, content, buffer);
            }
            catch
            {
                queue.Return(buffer);
                throw;
            }

            if (begins is { Mode: null })
                begins = begins with { Mode = ExecutableMagic.IsExecutable(buffer.AsSpan(0, count)) ? ExecutableMode : DefaultFileMode };
            var ends = count < buffer.Length;
            queue.Add(new WriteCommand(begins, buffer, count, ends));
            if (ends)
                return;
            begins = null;
        }
    }

    // Fills the whole buffer unless the content ends first.
    private int Fill(string name, Stream content, byte[] buffer)
    {
        var filled = 0;
        while (filled < buffer.Length)
        {
            var count = content.Read(buffer, filled, buffer.Length - filled);
            if (count == 0)
                break;
            filled += count;
            budget.AddBytes(name, count);
            cancellationToken.ThrowIfCancellationRequested();
        }

        progress.Report();
        return filled;
    }
}
