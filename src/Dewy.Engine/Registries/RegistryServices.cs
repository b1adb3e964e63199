using Dewy.Engine.Diagnostics;
using Dewy.Engine.Processes;
using Dewy.Engine.Registries.Http;
using Dewy.Engine.Releases;

namespace Dewy.Engine.Registries;

/// <summary>What a registry needs besides its address.</summary>
internal sealed record RegistryServices
{
    public required TimeProvider TimeProvider { get; init; }

    /// <summary>The agent's environment, where credentials and endpoints come from; never the process's own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Given by hand for the registry itself: it goes before the environment's. Null where there is none, and for every other place.</summary>
    public GivenCredential? Credential { get; init; }

    /// <summary>Learns every secret a registry gets to know, and takes them out of its messages.</summary>
    public SecretRedactor Redactor { get; init; } = new();

    /// <summary>Makes the innermost handler of a source's HTTP clients; whoever calls it owns the handler.</summary>
    public Func<HttpMessageHandler> CreateHandler { get; init; } = RegistryHandlers.Create;

    /// <summary>Starts credential helpers.</summary>
    public IProcessStarter Processes { get; init; } = new ProcessStarter();

    /// <summary>What the host runs.</summary>
    public HostPlatform Platform { get; init; } = HostPlatform.Current;

    /// <summary>The value of an environment variable; null where it is missing or blank.</summary>
    public string? Variable(string name) =>
        Environment.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}
