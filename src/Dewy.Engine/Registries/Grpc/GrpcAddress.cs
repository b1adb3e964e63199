namespace Dewy.Engine.Registries.Grpc;

/// <summary>Where a gRPC registry is, and whether it is spoken to with TLS.</summary>
internal sealed record GrpcAddress
{
    public const string Form = "grpc://<host:port>";
    public const string NoTls = "no-tls";

    /// <summary>The port of a service whose URL has none, with TLS and without (gRPC Name Resolution, "dns").</summary>
    private const int DefaultPort = 443;

    /// <summary>Scheme, host and port: <c>http</c> stands for HTTP/2 without TLS (h2c).</summary>
    public required Uri Endpoint { get; init; }

    public bool IsPlain => Endpoint.Scheme == Uri.UriSchemeHttp;

    /// <summary>Takes the address of a gRPC registry apart.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: there can be no service at that place.</exception>
    public static GrpcAddress From(RegistryAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.Host.Length == 0)
            throw RegistryAddressReader.Invalid(address.DisplayName, "it names no host", $"Write {Form}, such as grpc://releases.example.com:443.");
        if (address.Path.Trim('/').Length > 0)
            throw RegistryAddressReader.Invalid(address.DisplayName, $"a gRPC service has no path, and here is '{address.Path}'", $"Write {Form}.");
        if (address.Port is 0)
            throw RegistryAddressReader.Invalid(address.DisplayName, "its port is 0", "Write the port the service listens on.");

        var scheme = RegistryCriteria.Flag(address, NoTls) ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;
        var authority = address.Port is null ? $"{address.Authority}:{DefaultPort}" : address.Authority;
        return Uri.TryCreate($"{scheme}://{authority}/", UriKind.Absolute, out var endpoint) && endpoint.HostNameType is not UriHostNameType.Unknown
            ? new GrpcAddress { Endpoint = endpoint }
            : throw RegistryAddressReader.Invalid(address.DisplayName, $"'{address.Authority}' is no host and port", $"Write {Form}.");
    }

    /// <summary>
    /// Checks an address. The service chooses the release, so a pre-release that it names is wanted: there is no parameter
    /// for that, and Dewy must not refuse it.
    /// </summary>
    public static RegistryAddress Complete(RegistryAddress address)
    {
        _ = From(address);
        return address with
        {
            Parameters = new Dictionary<string, string>(address.Parameters, StringComparer.Ordinal) { [RegistryCriteria.PreRelease] = "true" },
        };
    }
}
