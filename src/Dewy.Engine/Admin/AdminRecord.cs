using System.Text.Json;
using System.Text.Json.Serialization;
using Dewy.Engine.Deployment;
using Dewy.Engine.Files;

namespace Dewy.Engine.Admin;

/// <summary>Where an agent's admin API listens, as written into <c>.dewy/admin.json</c> while it does.</summary>
internal sealed record AdminRecord
{
    /// <summary>The agent's process id. One that does not hold the root any more left the file behind.</summary>
    public required int ProcessId { get; init; }

    /// <summary>Where to ask, such as <c>http://127.0.0.1:17539/</c>; null behind a Unix socket.</summary>
    public Uri? Url { get; init; }

    /// <summary>Absolute path of the Unix socket; null where it listens on a port.</summary>
    public string? Socket { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The URL or the path, for people.</summary>
    [JsonIgnore]
    public string? Address => Url?.ToString() ?? Socket;

    /// <summary>Null where there is none, or none that can be read.</summary>
    public static AdminRecord? Read(RootLayout layout)
    {
        try
        {
            return JsonSerializer.Deserialize<AdminRecord>(File.ReadAllBytes(layout.AdminFile), AdminJson.Plain);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null; // whoever asks then goes without
        }
    }

    public void Write(RootLayout layout) =>
        DurableFile.Replace(layout.AdminFile, JsonSerializer.SerializeToUtf8Bytes(this, AdminJson.Plain), UnixFileMode.UserRead | UnixFileMode.UserWrite);
}
