using System.Security.Cryptography;
using System.Text;
using Dewy.Engine.Releases;

namespace Dewy.Engine.Registries.Answers;

/// <summary>A question to a registry: hosts that ask the same share the answer.</summary>
/// <param name="Text">The registry's address with what influences the answer; no secrets.</param>
internal sealed record RegistryQuestion(string Text)
{
    private const int KeyDigits = 16;

    private string Key => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))[..KeyDigits];

    /// <summary>Where the answer is kept (compat).</summary>
    public string AnswerName => $"registry-cache/{Key}.json";

    /// <summary>Tells that a host is asking.</summary>
    public string LeaseName => $"registry-cache/{Key}.lease";

    /// <summary>The question of an application.</summary>
    /// <param name="address">The registry.</param>
    /// <param name="criteria">Which releases count: their choice is part of the answer.</param>
    /// <param name="platform">The host, where the registry answers hosts differently; null where it does not.</param>
    public static RegistryQuestion Of(RegistryAddress address, ReleaseCriteria criteria, HostPlatform? platform)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(criteria);
        var parts = new List<(string Name, string? Value)>
        {
            ("pre-release", criteria.PreRelease ? "true" : null),
            ("calver", criteria.CalVer),
            ("constraint", criteria.Constraint),
            ("slot", criteria.Slot),
            ("platform", platform?.ToString()),
        };
        parts.AddRange(address.Parameters
            .Where(parameter => parameter.Key is not (RegistryCriteria.PreRelease or RegistryCriteria.CalVer or RegistryCriteria.Constraint))
            .Select(parameter => ($"url.{parameter.Key}", (string?)parameter.Value)));
        var text = string.Join('&', parts
            .Where(part => !string.IsNullOrEmpty(part.Value))
            .OrderBy(part => part.Name, StringComparer.Ordinal)
            .Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value ?? "")}"));
        return new RegistryQuestion(RegistryAddressReader.Mask($"{address.Scheme}://{address.Authority}/{address.Path.TrimStart('/')}?{text}"));
    }
}
