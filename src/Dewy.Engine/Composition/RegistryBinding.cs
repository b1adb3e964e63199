using Dewy.Engine.Registries;
using Dewy.Engine.Releases;

namespace Dewy.Engine.Composition;

/// <summary>Takes a registry's URL apart into where releases are and which of them count.</summary>
internal static class RegistryBinding
{
    /// <summary>Stands where an operation needs no registry and none was given. Asking it for releases is an error.</summary>
    public static RegistryAddress None { get; } = new() { Scheme = "none", Authority = "", Path = "", DisplayName = "none" };

    /// <summary>Takes the address and the criteria in its parameters; flags for the same criteria are applied later and win.</summary>
    public static ApplicationOptions Apply(ApplicationOptions options, string url, string baseDirectory)
    {
        var address = RegistryAddress.Parse(url, baseDirectory);
        return options with { Registry = address, Criteria = address.ToCriteria() };
    }

    /// <summary>Takes a calendar format and makes sure that it goes with the other criteria.</summary>
    public static ApplicationOptions ApplyCalVer(ApplicationOptions options, string format)
    {
        var criteria = options.Criteria with { CalVer = format };
        _ = new ReleaseChooser(criteria);
        return options with { Criteria = criteria };
    }
}
