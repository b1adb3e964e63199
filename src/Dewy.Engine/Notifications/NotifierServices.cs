using Dewy.Engine.Diagnostics;
using Dewy.Engine.Registries.Http;

namespace Dewy.Engine.Notifications;

/// <summary>What a notifier needs besides its address.</summary>
internal sealed record NotifierServices
{
    public required TimeProvider Time { get; init; }

    /// <summary>The agent's environment, where credentials come from; never the process's own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Knows what no message may carry.</summary>
    public SecretRedactor Redactor { get; init; } = new();

    /// <summary>Makes the connections of one notifier, which owns them.</summary>
    public Func<HttpMessageHandler> CreateHandler { get; init; } = RegistryHandlers.Create;

    /// <summary>The value of an environment variable; null where it is missing or blank.</summary>
    public string? Variable(string name) =>
        Environment.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}
