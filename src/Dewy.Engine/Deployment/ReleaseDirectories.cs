using Dewy.Engine.Files;

namespace Dewy.Engine.Deployment;

/// <summary>
/// The release directories of a root: made beside their final name and renamed when complete, kept, and pruned. Whoever
/// changes something here holds the <see cref="RootLock"/>. Only directories with a <see cref="ReleaseRecord"/>, and
/// incomplete ones by their name, are Dewy's; others are never touched.
/// </summary>
internal sealed class ReleaseDirectories(RootLayout layout, IEngineEventSink events, TimeProvider timeProvider)
{
    private readonly ReleaseRecords _records = new(layout);

    /// <summary>Takes a new name, writes its record, and creates an empty directory to extract into.</summary>
    /// <exception cref="DewyException">The disk refuses.</exception>
    public StagedRelease Begin(string tag, string key, Digest? digest, string deploymentId)
    {
        var now = timeProvider.GetUtcNow();
        var record = new ReleaseRecord { Tag = tag, Key = key, Digest = digest, CreatedAt = now, DeploymentId = deploymentId };
        try
        {
            Directory.CreateDirectory(layout.Releases);
            var name = ReleaseName.At(now);
            while (IsTaken(name) || !_records.TryClaim(name, record))
                name = name.Next();
            var staged = new StagedRelease(name, PartialPath(name), layout.ReleaseDirectory(name), record);
            Directory.CreateDirectory(staged.PartialPath);
            return staged;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskFailure.ExplainAny(exception, layout.Releases, "extract");
        }
    }

    /// <summary>Makes the content durable and gives the directory its name, in one rename. It is not good yet.</summary>
    /// <exception cref="DewyException">The disk refuses.</exception>
    public async Task<KeptRelease> FinishAsync(StagedRelease staged, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Run(() => TreeFlush.Flush(staged.PartialPath, cancellationToken), cancellationToken);
            DurableFile.Rename(PartialPath(staged.Name), layout.ReleaseDirectory(staged.Name));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskFailure.ExplainAny(exception, staged.PartialPath, "extract");
        }

        return new KeptRelease(staged.Name, staged.Path, staged.Record);
    }

    /// <summary>Removes a release that came to nothing, complete or not. What cannot be removed is reported and left to a later pruning.</summary>
    public Task DiscardAsync(StagedRelease staged, CancellationToken cancellationToken) =>
        Task.Run(() => TryRemove(staged.Path, () => Remove(staged.Name, cancellationToken)), cancellationToken);

    /// <summary>Removes a complete directory Dewy made, as <see cref="DiscardAsync"/> does; false where it is none of Dewy's.</summary>
    public async Task<bool> RemoveAsync(string directory, CancellationToken cancellationToken)
    {
        if (NameOf(directory) is not { } name || _records.Read(name) is null)
            return false;
        await Task.Run(() => TryRemove(layout.ReleaseDirectory(name), () => Remove(name, cancellationToken)), cancellationToken);
        return true;
    }

    /// <summary>Notes that a release was live and healthy: one to keep and to go back to. Nothing where it is none of Dewy's or noted already.</summary>
    public void MarkGood(string directory) =>
        Mark(directory, record => record.GoodSince is null ? record with { GoodSince = timeProvider.GetUtcNow() } : record);

    /// <summary>Takes that back for a release that misbehaved after all: nobody goes back to it, and the next pruning removes it.</summary>
    public void MarkWithdrawn(string directory) => Mark(directory, record => record with { GoodSince = null });

    /// <summary>The complete release directories Dewy made, newest first, good or not.</summary>
    public IReadOnlyList<KeptRelease> List() =>
    [
        .. _records.Names()
            .OrderDescending(ReleaseName.ByAge)
            .Where(name => IsRealDirectory(layout.ReleaseDirectory(name)))
            .Select(name => _records.Read(name) is { } record ? new KeptRelease(name, layout.ReleaseDirectory(name), record) : null)
            .OfType<KeptRelease>(),
    ];

    /// <summary>The good release an operator means: by directory name or path, else the newest with that tag; null where none is kept.</summary>
    public KeptRelease? Find(string tagOrRelease)
    {
        var good = List().Where(release => release.IsGood).ToList();
        return good.Find(release => release.Name == NameOf(tagOrRelease))
            ?? good.Find(release => string.Equals(release.Record.Tag, tagOrRelease, StringComparison.Ordinal));
    }

    /// <summary>What is known of a release directory; null where it is none of Dewy's.</summary>
    public KeptRelease? Get(string directory) =>
        NameOf(directory) is { } name && _records.Read(name) is { } record && IsRealDirectory(layout.ReleaseDirectory(name))
            ? new KeptRelease(name, layout.ReleaseDirectory(name), record)
            : null;

    /// <summary>
    /// Removes what is no longer wanted (<see cref="PruningPlan"/>) and every incomplete directory. What cannot be removed
    /// is reported as <see cref="AttentionNeeded"/> and tried again next time. No staged release may be in the making.
    /// </summary>
    /// <param name="protectedDirectories">Directories to keep whatever they are: live, previous, and those of generations that still run; nulls are passed over.</param>
    /// <param name="keep">How many good releases stay.</param>
    public Task PruneAsync(IEnumerable<string?> protectedDirectories, int keep, CancellationToken cancellationToken)
    {
        var names = protectedDirectories.Select(directory => directory is null ? null : NameOf(directory)).OfType<ReleaseName>().ToHashSet();
        return Task.Run(
            () =>
            {
                var releases = List();
                foreach (var name in PruningPlan.Choose(releases.Select(release => (release.Name, release.IsGood)), names.Contains, keep))
                    TryRemove(layout.ReleaseDirectory(name), () => Remove(name, cancellationToken));
                RemoveIncomplete(cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Removes incomplete directories, and records that have no directory left.</summary>
    public void RemoveIncomplete(CancellationToken cancellationToken)
    {
        _records.RemoveLeftovers();
        if (Directory.Exists(layout.Releases))
        {
            var partial = Directory.EnumerateFileSystemEntries(layout.Releases, ".*.partial").Select(path => ReleaseName.ParsePartial(Path.GetFileName(path)));
            foreach (var name in partial.OfType<ReleaseName>().ToList())
                TryRemove(PartialPath(name), () => RemovePartial(name, cancellationToken));
        }

        foreach (var name in _records.Names().Where(name => !IsTaken(name)))
            _records.Delete(name);
    }

    private void Mark(string directory, Func<ReleaseRecord, ReleaseRecord> change)
    {
        if (NameOf(directory) is not { } name || _records.Read(name) is not { } record || change(record) is var changed && changed == record)
            return;
        try
        {
            _records.Write(name, changed);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskFailure.ExplainAny(exception, directory);
        }
    }

    private void TryRemove(string path, Action remove)
    {
        try
        {
            remove();
            events.Publish(new ReleasePruned(path) { Time = timeProvider.GetUtcNow() });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            events.Publish(new AttentionNeeded($"{path} cannot be removed: {exception.Message}", path, "Remove it by hand; it is no longer used.")
            {
                Time = timeProvider.GetUtcNow(),
            });
        }
    }

    /// <summary>
    /// A complete directory gets its incomplete name back first: a removal that is interrupted leaves something that is
    /// known to be half, never half of a release.
    /// </summary>
    private void Remove(ReleaseName name, CancellationToken cancellationToken)
    {
        var path = layout.ReleaseDirectory(name);
        if (_records.Read(name) is not null && IsRealDirectory(path))
        {
            TreeRemoval.Delete(PartialPath(name), cancellationToken);
            DurableFile.Rename(path, PartialPath(name));
        }

        RemovePartial(name, cancellationToken);
    }

    private void RemovePartial(ReleaseName name, CancellationToken cancellationToken)
    {
        TreeRemoval.Delete(PartialPath(name), cancellationToken);
        if (!LinkFile.IsTaken(layout.ReleaseDirectory(name)))
            _records.Delete(name);
    }

    private string PartialPath(ReleaseName name) => Path.Combine(layout.Releases, name.Partial);

    private bool IsTaken(ReleaseName name) =>
        LinkFile.IsTaken(layout.ReleaseDirectory(name)) || LinkFile.IsTaken(PartialPath(name));

    /// <summary>A bare name, or the name in a path below a <c>releases</c> directory: also that of a root that was moved since.</summary>
    private ReleaseName? NameOf(string directory)
    {
        var path = Path.TrimEndingDirectorySeparator(directory);
        var parent = Path.GetFileName(Path.GetDirectoryName(path));
        return parent is null or "" || string.Equals(parent, Path.GetFileName(layout.Releases), StringComparison.Ordinal)
            ? ReleaseName.Parse(Path.GetFileName(path))
            : null;
    }

    private static bool IsRealDirectory(string path) => new DirectoryInfo(path) is { Exists: true, LinkTarget: null };
}
