using Dewy.Engine.Registries.Buckets;

namespace Dewy.Engine.Registries.S3;

/// <summary>Where an <c>s3://</c> URL points.</summary>
/// <param name="Region">The region requests are signed for, such as <c>eu-west-1</c>.</param>
/// <param name="Place">Bucket and prefix.</param>
/// <param name="Endpoint">A server other than Amazon's, spoken to with the bucket in the path; null for Amazon's.</param>
internal sealed record S3Address(string Region, BucketAddress Place, Uri? Endpoint)
{
    /// <summary>The SDKs' own names, the more special one first (AWS SDKs and Tools Reference Guide, service-specific endpoints).</summary>
    private static readonly string[] EndpointVariables = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"];

    public const string Form = "s3://<region>/<bucket>/<prefix>";
    public const string EndpointParameter = "endpoint";
    public const string RegionParameter = "region";

    private const int LongestRegion = 64;

    /// <summary>What addresses of the bucket's objects begin with.</summary>
    public string Root => $"s3://{Region}/{Place.Bucket}/";

    /// <summary>Reads the address of a registry or a cache. A parameter beats the environment, <c>region=</c> beats the URL's first part.</summary>
    /// <param name="address">The URL.</param>
    /// <param name="variable">The agent's environment.</param>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: it names no region, no bucket, or a bad endpoint.</exception>
    public static S3Address Read(RegistryAddress address, Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(variable);
        var region = address.Parameters.TryGetValue(RegionParameter, out var given) && given.Length > 0 ? given : address.Authority;
        if (region.Length is 0 or > LongestRegion || !region.All(c => char.IsAsciiLetterOrDigit(c) || c is '-'))
            throw RegistryAddressReader.Invalid(address.DisplayName, region.Length == 0 ? "it names no region" : $"'{region}' is no region", $"Write {Form}.");
        var slash = address.Path.IndexOf('/', StringComparison.Ordinal);
        var (bucket, prefix) = slash < 0 ? (address.Path, "") : (address.Path[..slash], address.Path[(slash + 1)..]);
        return new S3Address(region, BucketAddress.Create(address, bucket, prefix, Form), FindEndpoint(address, variable));
    }

    private static Uri? FindEndpoint(RegistryAddress address, Func<string, string?> variable)
    {
        if (address.Parameters.TryGetValue(EndpointParameter, out var given) && given.Length > 0)
            return BucketAddress.ReadEndpoint(address, given, EndpointParameter);

        return EndpointVariables
            .Select(name => BucketAddress.ReadEndpoint(address, variable(name), name))
            .FirstOrDefault(endpoint => endpoint is not null);
    }
}
