using Dewy.Engine.Registries.Folder;
using Dewy.Engine.Registries.GitHub;
using Dewy.Engine.Registries.GoogleCloudStorage;
using Dewy.Engine.Registries.Grpc;
using Dewy.Engine.Registries.Oci;
using Dewy.Engine.Registries.S3;

namespace Dewy.Engine.Registries;

/// <summary>The kinds of registries there are. Immutable.</summary>
internal sealed class RegistryCatalog : IReleaseSourceFactory
{
    private readonly IReadOnlyList<RegistryScheme> _schemes;

    public RegistryCatalog(params IReadOnlyList<RegistryScheme> schemes) => _schemes = schemes;

    /// <summary>The kinds of registries Dewy comes with.</summary>
    public static RegistryCatalog BuiltIn { get; } = new(FolderReleaseSource.Scheme, GitHubReleaseSource.Scheme, S3Registry.Scheme, GcsRegistry.Scheme, OciReleaseSource.Scheme, GrpcReleaseSource.Scheme);

    /// <summary>Names and forms of the schemes, for completion and messages.</summary>
    public IReadOnlyList<RegistryScheme> Schemes => _schemes;

    /// <summary>Reads and checks a registry's URL.</summary>
    /// <param name="text">The URL.</param>
    /// <param name="baseDirectory">Where relative paths start; null for the process's current directory.</param>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/> that lists what is valid.</exception>
    public RegistryAddress Parse(string text, string? baseDirectory = null)
    {
        var address = RegistryAddressReader.Read(text);
        var scheme = Find(address);
        if (address.Parameters.Keys.FirstOrDefault(name => !scheme.Parameters.Contains(name, StringComparer.Ordinal)) is { } unknown)
        {
            throw RegistryAddressReader.Invalid(
                address.DisplayName,
                $"{scheme.Name}:// has no parameter '{unknown}'; it has {string.Join(", ", scheme.Parameters)}",
                "Take the parameter out or correct its name.");
        }

        return scheme.Complete(address, baseDirectory ?? Environment.CurrentDirectory);
    }

    public IReleaseSource Create(RegistryAddress address, RegistryServices services)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(services);
        var scheme = Find(address);
        scheme.CheckCredential(services.Credential);
        return scheme.Create(address, services);
    }

    /// <summary>The kind of registry an address is of.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: there is none.</exception>
    public RegistryScheme Find(RegistryAddress address) =>
        _schemes.FirstOrDefault(scheme => string.Equals(scheme.Name, address.Scheme, StringComparison.Ordinal))
        ?? throw RegistryAddressReader.Invalid(
            address.DisplayName,
            $"there is no registry of the scheme '{address.Scheme}'; there is {string.Join(", ", _schemes.Select(scheme => scheme.Form))}",
            "Use one of these schemes.");
}
