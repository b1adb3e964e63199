using Dewy.Engine.Registries.GoogleCloudStorage;
using Dewy.Engine.Registries.Http;
using Dewy.Engine.Registries.S3;

namespace Dewy.Engine.Registries.Buckets;

/// <summary>Which buckets can be shared by a fleet, and what opens them.</summary>
internal static class SharedBucketPlace
{
    public const string Forms = $"{S3Address.Form}, {GcsAddress.Form}";

    private static readonly string[] S3Parameters = [S3Address.EndpointParameter, S3Address.RegionParameter];
    private static readonly string[] GcsParameters = [GcsAddress.EndpointParameter];

    /// <summary>Checks the URL of a shared bucket.</summary>
    /// <param name="text">The URL.</param>
    /// <param name="parameters">Names of the parameters it may have besides the bucket's own.</param>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: it is none.</exception>
    public static RegistryAddress Parse(string text, params IReadOnlyList<string> parameters)
    {
        var address = RegistryAddressReader.Read(text);
        var known = (string[])[.. IsS3(address) ? S3Parameters : GcsParameters, .. parameters];
        if (address.Parameters.Keys.FirstOrDefault(name => !known.Contains(name, StringComparer.Ordinal)) is { } unknown)
            throw RegistryAddressReader.Invalid(address.DisplayName, $"a cache there has no parameter '{unknown}'; it has {string.Join(", ", known)}", "Take the parameter out or correct its name.");
        if (IsS3(address))
            S3Address.Read(address, variable: static _ => null);
        else
            GcsAddress.Read(address, variable: static _ => null);
        return address;
    }

    /// <summary>Opens a shared bucket; nothing is connected yet.</summary>
    public static SharedBucket Open(RegistryAddress address, RegistryServices services, string host, IEngineEventSink events)
    {
        var (store, prefix) = OpenStore(address, services);
        return new SharedBucket(address.DisplayName, prefix, store, host, events, services.TimeProvider);
    }

    /// <summary>The bucket itself, and where in it the shared things are.</summary>
    public static (IBucketStore Store, string Prefix) OpenStore(RegistryAddress address, RegistryServices services)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(services);
        var text = new HttpCallText
        {
            Subject = address.DisplayName,
            Target = address.DisplayName,
            Phase = "fetch",
            NotFoundStep = "Correct the bucket of --cache, or create it; deployments go on meanwhile.",
            UnauthorizedStep = "Give the agent credentials that may read, write and delete objects below the prefix of --cache; deployments go on meanwhile.",
        };
        if (IsS3(address))
        {
            var place = S3Address.Read(address, services.Variable);
            return (new S3BucketStore(place, services, text), place.Place.Prefix);
        }
        else
        {
            var place = GcsAddress.Read(address, services.Variable);
            return (new GcsBucketStore(place, services, text), place.Place.Prefix);
        }
    }

    private static bool IsS3(RegistryAddress address) => address.Scheme switch
    {
        "s3" => true,
        "gs" => false,
        _ => throw RegistryAddressReader.Invalid(address.DisplayName, $"a fleet cannot share that; it can share {Forms}", "Use one of these."),
    };
}
