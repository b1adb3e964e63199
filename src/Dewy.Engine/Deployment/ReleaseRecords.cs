using System.Text.Json;
using Dewy.Engine.Files;

namespace Dewy.Engine.Deployment;

/// <summary>The <see cref="ReleaseRecord"/>s of a root, by release name.</summary>
internal sealed class ReleaseRecords(RootLayout layout)
{
    /// <summary>Far more than a record ever has; a longer file is not one.</summary>
    private const int MaximumBytes = 64 * 1024;

    /// <summary>Writes the first record of a name and by that takes the name; false where it is taken.</summary>
    public bool TryClaim(ReleaseName name, ReleaseRecord record)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(layout.ReleaseRecords);
        if (File.Exists(path))
            return false;
        try
        {
            using (var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                JsonSerializer.Serialize(stream, record, DeploymentJson.Page.ReleaseRecord);
                stream.Flush(flushToDisk: true);
            }

            DurableFile.SyncDirectory(layout.ReleaseRecords);
            return true;
        }
        catch (IOException exception) when (File.Exists(path))
        {
            if (DiskFailure.Explain(exception, path) is null)
                return false; // another process took the name in between
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Replaces a record.</summary>
    public void Write(ReleaseName name, ReleaseRecord record) =>
        DurableFile.Replace(PathOf(name), JsonSerializer.SerializeToUtf8Bytes(record, DeploymentJson.Page.ReleaseRecord));

    /// <summary>What is known of a release; null where Dewy did not make it or its record is damaged.</summary>
    public ReleaseRecord? Read(ReleaseName name)
    {
        try
        {
            var file = new FileInfo(PathOf(name));
            return file.Exists && file.Length is > 0 and <= MaximumBytes
                ? JsonSerializer.Deserialize(File.ReadAllBytes(file.FullName), DeploymentJson.Page.ReleaseRecord)
                : null;
        }
        catch (Exception exception) when (exception is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The names that have a record, damaged ones included.</summary>
    public IReadOnlyList<ReleaseName> Names() =>
        Directory.Exists(layout.ReleaseRecords)
            ? [.. Directory.EnumerateFiles(layout.ReleaseRecords, "*.json").Select(file => ReleaseName.Parse(Path.GetFileNameWithoutExtension(file))).OfType<ReleaseName>()]
            : [];

    /// <summary>Removes what a crash in the middle of a write left.</summary>
    public void RemoveLeftovers() => DurableFile.RemoveLeftovers(Path.Combine(layout.ReleaseRecords, "*.json"));

    /// <summary>Forgets a release.</summary>
    public void Delete(ReleaseName name)
    {
        if (File.Exists(PathOf(name)))
            File.Delete(PathOf(name));
    }

    private string PathOf(ReleaseName name) => Path.Combine(layout.ReleaseRecords, $"{name}.json");
}
