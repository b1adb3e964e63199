using System.Text.Json;
using Octokit.Internal;

namespace Dewy.Engine.Registries.GitHub;

/// <summary>Has Octokit read our types.</summary>
internal sealed class GitHubSerializer : IJsonSerializer
{
    public string Serialize(object item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return JsonSerializer.Serialize(item, item.GetType(), GitHubJson.Default);
    }

    public T? Deserialize<T>(string json) =>
        string.IsNullOrEmpty(json) ? default : (T?)JsonSerializer.Deserialize(json, typeof(T), GitHubJson.Default);
}
