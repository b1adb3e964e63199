using System.Text.Json;
using Dewy.Engine.Files;

namespace Dewy.Engine.Artifacts.Caching;

/// <summary>
/// The layout on disk: each entry a file under its key (or the key's escaped form) with a description beside it. Entries
/// are read, written and removed under the key's lock.
/// </summary>
internal sealed class CacheDirectory(string path, CacheLocks locks, TimeProvider timeProvider)
{
    private const int MaxDescriptionSize = 1 << 20;

    /// <summary>Writing a description takes moments: what is older was left by a process that died.</summary>
    private static readonly TimeSpan AgeOfLeftovers = TimeSpan.FromHours(1);

    /// <summary>The directory.</summary>
    public string Path => path;

    /// <summary>The entry of a key; null where there is none whose description can be read.</summary>
    public CacheEntry? Find(string key) =>
        Names(key).Select(Read).FirstOrDefault(entry => entry is not null && string.Equals(entry.Description.Key, key, StringComparison.Ordinal));

    /// <summary>Where a key's content belongs: the key's plain name, unless that is unsafe or taken by another key (which differs in case only).</summary>
    public string PathFor(string key) =>
        CacheFileName.Plain(key) is { } plain && (Read(plain) is not { } taken || string.Equals(taken.Description.Key, key, StringComparison.Ordinal))
            ? System.IO.Path.Combine(path, plain)
            : System.IO.Path.Combine(path, CacheFileName.Escaped(key));

    /// <summary>Where a key's content is written while it is fetched. The name tells the lock that guards it.</summary>
    public string PartialPathFor(string key) => $"{PathFor(key)}.{CacheLocks.SlotOf(key)}{CacheFileName.PartialSuffix}";

    /// <summary>All entries that have content, in no particular order.</summary>
    public IEnumerable<CacheEntry> Entries()
    {
        if (!Directory.Exists(path))
            return [];
        return Directory.EnumerateFiles(path, "*" + CacheFileName.DescriptionSuffix)
            .Select(file => Read(System.IO.Path.GetFileName(file)[..^CacheFileName.DescriptionSuffix.Length]))
            .OfType<CacheEntry>()
            .Where(entry => File.Exists(entry.Path));
    }

    /// <summary>
    /// Gives a fetched file its place. The description comes first: content without one would be nobody's, while a
    /// description that does not fit its content is noticed at the next use.
    /// </summary>
    public CacheEntry Store(string partialPath, Digest digest, CacheDescription description)
    {
        if (Find(description.Key) is { } old && !string.Equals(old.Path, PathFor(description.Key), StringComparison.Ordinal))
            Remove(old);
        var entry = new CacheEntry(PathFor(description.Key), digest, description);
        DurableFile.Replace(entry.DescriptionPath, JsonSerializer.SerializeToUtf8Bytes(description, CacheJson.Default.CacheDescription));
        DurableFile.Rename(partialPath, entry.Path);
        return entry;
    }

    /// <summary>Removes an entry, content first.</summary>
    public static void Remove(CacheEntry entry)
    {
        File.Delete(entry.Path);
        File.Delete(entry.DescriptionPath);
    }

    /// <summary>Creates the directory and removes what processes that died have left: files half fetched, descriptions without content.</summary>
    public void Prepare()
    {
        Directory.CreateDirectory(path);
        RemovePartials();
        RemoveDescriptions();
    }

    private static IEnumerable<string> Names(string key) =>
        CacheFileName.Plain(key) is { } plain ? [plain, CacheFileName.Escaped(key)] : [CacheFileName.Escaped(key)];

    private void RemovePartials()
    {
        foreach (var partial in Directory.EnumerateFiles(path, "*" + CacheFileName.PartialSuffix))
        {
            var slot = System.IO.Path.GetFileNameWithoutExtension(partial).Split('.')[^1];
            if (!CacheLocks.IsSlot(slot))
                continue; // not ours
            using var held = locks.TryAcquireSlot(slot);
            if (held is not null) // else somebody alive is fetching
                File.Delete(partial);
        }
    }

    private void RemoveDescriptions()
    {
        foreach (var file in Directory.EnumerateFiles(path, "*" + CacheFileName.DescriptionSuffix))
        {
            if (Read(System.IO.Path.GetFileName(file)[..^CacheFileName.DescriptionSuffix.Length]) is not { } entry || File.Exists(entry.Path))
                continue;
            using var held = locks.TryAcquireSlot(CacheLocks.SlotOf(entry.Description.Key));
            if (held is not null && !File.Exists(entry.Path))
                File.Delete(file);
        }

        var old = timeProvider.GetUtcNow().UtcDateTime - AgeOfLeftovers;
        foreach (var temporary in Directory.EnumerateFiles(path, $"*{CacheFileName.DescriptionSuffix}.*.tmp"))
        {
            if (File.GetLastWriteTimeUtc(temporary) < old)
                File.Delete(temporary);
        }
    }

    private CacheEntry? Read(string name)
    {
        var content = System.IO.Path.Combine(path, name);
        try
        {
            var file = new FileInfo(content + CacheFileName.DescriptionSuffix);
            if (!file.Exists || file.Length > MaxDescriptionSize)
                return null;
            var description = JsonSerializer.Deserialize(File.ReadAllBytes(file.FullName), CacheJson.Default.CacheDescription);
            return description is { Size: >= 0 } && Digest.TryCreate("sha256", description.Sha256, out var digest) ? new CacheEntry(content, digest, description) : null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return null; // damaged, unreadable or just removed: as good as no entry
        }
    }
}
