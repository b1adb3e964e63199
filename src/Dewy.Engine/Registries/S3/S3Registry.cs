using Dewy.Engine.Registries.Buckets;
using Dewy.Engine.Registries.Http;

namespace Dewy.Engine.Registries.S3;

/// <summary>Releases in Amazon S3 or a server that speaks its protocol.</summary>
internal static class S3Registry
{
    public static RegistryScheme Scheme { get; } = new()
    {
        Name = "s3",
        Form = S3Address.Form,
        Parameters = [RegistryCriteria.Artifact, RegistryCriteria.PreRelease, RegistryCriteria.CalVer, RegistryCriteria.Constraint, S3Address.EndpointParameter, S3Address.RegionParameter],
        Artifact = ArtifactForm.S3,
        Credentials = CredentialForms.UserAndSecret,
        Complete = (address, baseDirectory) =>
        {
            S3Address.Read(address, variable: static _ => null);
            return address;
        },
        Create = Create,
    };

    private static BucketReleaseSource Create(RegistryAddress address, RegistryServices services)
    {
        var place = S3Address.Read(address, services.Variable);
        var text = new HttpCallText
        {
            Subject = address.DisplayName,
            Target = address.DisplayName,
            NotFoundStep = "Correct the bucket and the region of --registry, or create the bucket.",
            UnauthorizedStep = "Give the agent AWS credentials that may list the bucket (s3:ListBucket) and read its objects (s3:GetObject).",
        };
        return new BucketReleaseSource(address.DisplayName, new BucketLocation(place.Root), place.Place.Prefix, new S3BucketStore(place, services, text));
    }
}
