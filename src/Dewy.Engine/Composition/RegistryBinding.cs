using Dewy.Engine.Registries;

namespace Dewy.Engine.Composition;

/// <summary>Takes a registry's URL apart into where releases are and which of them count.</summary>
internal static class RegistryBinding
{
    /// <summary>Stands where an operation needs no registry and none was given. Asking it for releases is an error.</summary>
    public static RegistryAddress None { get; } = new() { Scheme = "none", Authority = "", Path = "", DisplayName = "none" };

    public static ApplicationOptions Apply(ApplicationOptions options, string url, string baseDirectory)
    {
        throw new NotSupportedException();
    }
}
