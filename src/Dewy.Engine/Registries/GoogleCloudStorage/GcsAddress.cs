using Dewy.Engine.Registries.Buckets;

namespace Dewy.Engine.Registries.GoogleCloudStorage;

/// <summary>Where a <c>gs://</c> URL points.</summary>
/// <param name="Place">Bucket and prefix.</param>
/// <param name="Endpoint">The server, without a slash at its end.</param>
/// <param name="IsEmulator">Whether the server came from <c>STORAGE_EMULATOR_HOST</c>: no credentials are looked for.</param>
internal sealed record GcsAddress(BucketAddress Place, string Endpoint, bool IsEmulator)
{
    public const string Form = "gs://<bucket>/<prefix>";
    public const string EndpointParameter = "endpoint";

    private const string Google = "https://storage.googleapis.com";
    private const string EmulatorVariable = "STORAGE_EMULATOR_HOST";

    /// <summary>What addresses of the bucket's objects begin with.</summary>
    public string Root => $"gs://{Place.Bucket}/";

    /// <summary>Reads the address of a registry or a cache. The parameter beats the environment.</summary>
    /// <param name="address">The URL.</param>
    /// <param name="variable">The agent's environment.</param>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: it names no bucket, or a bad endpoint.</exception>
    public static GcsAddress Read(RegistryAddress address, Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(variable);
        var place = BucketAddress.Create(address, address.Authority, address.Path, Form);
        if (address.Parameters.TryGetValue(EndpointParameter, out var given) && BucketAddress.ReadEndpoint(address, given, EndpointParameter) is { } endpoint)
            return new GcsAddress(place, Trim(endpoint), IsEmulator: false);
        if (variable(EmulatorVariable) is { } emulator)
        {
            // Google's libraries take it with and without a scheme, and with the API's path after it.
            var text = emulator.Contains("://", StringComparison.Ordinal) ? emulator : "http://" + emulator;
            if (BucketAddress.ReadEndpoint(address, text, EmulatorVariable) is { } server)
                return new GcsAddress(place, Trim(server), IsEmulator: true);
        }

        return new GcsAddress(place, Google, IsEmulator: false);
    }

    private static string Trim(Uri endpoint)
    {
        const string apiPath = "/storage/v1";
        var text = endpoint.AbsoluteUri.TrimEnd('/');
        return text.EndsWith(apiPath, StringComparison.Ordinal) ? text[..^apiPath.Length] : text;
    }
}
