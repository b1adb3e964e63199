using System.Text.Json;
using System.Text.Json.Serialization;
using Dewy.Engine.Files;

namespace Dewy.Engine.Processes;

/// <summary>
/// <c>&lt;root&gt;/.dewy/processes.json</c>: every program that was started and has not been seen to end. Written before a
/// program may begin, so that an agent that dies at any moment leaves nothing running that the next one does not know.
/// </summary>
internal sealed partial class RunRecord(string path)
{
    private const int FormatVersion = 1;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, GenerationRecord> _generations = [];

    public string Path => path;

    /// <summary>What is written down now.</summary>
    public IReadOnlyList<GenerationRecord> Generations
    {
        get
        {
            lock (_gate)
                return [.. _generations.Values];
        }
    }

    /// <summary>Reads what an earlier agent wrote; nothing where there is no file.</summary>
    /// <returns>False where the file cannot be understood; it is then set aside as <c>processes.json.corrupt</c>.</returns>
    public bool Load()
    {
        lock (_gate)
        {
            _generations.Clear();
            if (!File.Exists(path))
                return true;
            try
            {
                var content = JsonSerializer.Deserialize(File.ReadAllBytes(path), Json.Default.Content);
                foreach (var generation in content?.Generations ?? [])
                    _generations[generation.Generation] = generation;
                return true;
            }
            catch (JsonException)
            {
                DurableFile.Rename(path, path + ".corrupt");
                return false;
            }
        }
    }

    /// <summary>What an earlier agent wrote, for one who only looks: nothing where it cannot be understood, and nothing is set aside.</summary>
    public static IReadOnlyList<GenerationRecord> Peek(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), Json.Default.Content)?.Generations ?? [] : [];
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Removes what a crash in the middle of a write left.</summary>
    public void RemoveLeftovers() => DurableFile.RemoveLeftovers(path);

    /// <summary>Writes a generation down, or its new state.</summary>
    public void Put(GenerationRecord generation)
    {
        lock (_gate)
        {
            _generations[generation.Generation] = generation;
            Save();
        }
    }

    /// <summary>Forgets a generation that has ended.</summary>
    public void Remove(int generation)
    {
        lock (_gate)
        {
            if (_generations.Remove(generation))
                Save();
        }
    }

    private void Save()
    {
        var content = new Content(FormatVersion, [.. _generations.Values]);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path) ?? "/");
        DurableFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(content, Json.Default.Content), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    internal sealed record Content(int Version, IReadOnlyList<GenerationRecord> Generations);

    [JsonSerializable(typeof(Content))]
    [JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    private sealed partial class Json : JsonSerializerContext;
}
