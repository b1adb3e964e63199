using System.Text.Json;
using Dewy.Engine.Files;

namespace Dewy.Engine.Containers.Images;

/// <summary>
/// Remembers which images Dewy brought here (<c>&lt;root&gt;/.dewy/images.json</c>): only those are ever removed. A lost
/// record costs space, never somebody's image.
/// </summary>
internal sealed class ImageRecords(string path)
{
    /// <summary>Far more than are ever kept; the oldest are forgotten, and stay.</summary>
    private const int Most = 1000;

    private readonly Lock _gate = new();

    /// <summary>Those of one repository, newest first.</summary>
    public IReadOnlyList<ImageRecord> Of(string repository)
    {
        lock (_gate)
            return [.. Read().Where(record => record.Repository == repository).OrderByDescending(record => record.UsedAt)];
    }

    /// <summary>Remembers an image as the one used last.</summary>
    public void Put(ImageRecord record)
    {
        lock (_gate)
        {
            if (Of(record.Repository) is not [var last, ..] || !IsSame(last, record))
                Write([.. Read().Where(known => !IsSame(known, record)), record]);
        }
    }

    public void Remove(ImageRecord record)
    {
        lock (_gate)
            Write([.. Read().Where(known => !IsSame(known, record))]);
    }

    private static bool IsSame(ImageRecord one, ImageRecord other) => (one.Repository, one.Digest) == (other.Repository, other.Digest);

    private List<ImageRecord> Read()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), ImageJson.Default.ListImageRecord) ?? [];
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return []; // nothing yet, or nothing that can be trusted
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskFailure.ExplainAny(exception, path);
        }
    }

    private void Write(IReadOnlyList<ImageRecord> records)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path) ?? "/");
            DurableFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes([.. records.OrderByDescending(record => record.UsedAt).Take(Most)], ImageJson.Default.ListImageRecord));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskFailure.ExplainAny(exception, path);
        }
    }
}
