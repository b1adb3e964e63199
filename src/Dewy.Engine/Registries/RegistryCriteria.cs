using Dewy.Engine.Releases;

namespace Dewy.Engine.Registries;

/// <summary>Reads the criteria that stand in a registry's URL.</summary>
internal static class RegistryCriteria
{
    public const string Artifact = "artifact";
    public const string PreRelease = "pre-release";
    public const string CalVer = "calver";
    public const string Constraint = "constraint";

    /// <summary>The criteria of a URL and of flags; a flag beats the URL's parameter. Formats and ranges are checked here.</summary>
    /// <param name="address">The registry.</param>
    /// <param name="slot">The slot asked for by flag; null for any.</param>
    /// <param name="calVer">The calendar format asked for by flag; null for the URL's.</param>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: a value that means nothing.</exception>
    public static ReleaseCriteria ToCriteria(this RegistryAddress address, string? slot = null, string? calVer = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        var criteria = new ReleaseCriteria
        {
            Artifact = Value(address, Artifact),
            PreRelease = Flag(address, PreRelease),
            CalVer = string.IsNullOrEmpty(calVer) ? Value(address, CalVer) : calVer,
            Constraint = Value(address, Constraint),
            Slot = string.IsNullOrEmpty(slot) ? null : slot,
        };
        _ = new ReleaseChooser(criteria);
        return criteria;
    }

    private static string? Value(RegistryAddress address, string name) =>
        address.Parameters.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>The value of a parameter that is true or false; false where it is missing.</summary>
    public static bool Flag(RegistryAddress address, string name) => Value(address, name)?.ToLowerInvariant() switch
    {
        null or "false" or "0" => false,
        "true" or "1" => true,
        var other => throw RegistryAddressReader.Invalid(address.DisplayName, $"'{other}' is no value of '{name}'", $"Write {name}=true or {name}=false."),
    };
}
