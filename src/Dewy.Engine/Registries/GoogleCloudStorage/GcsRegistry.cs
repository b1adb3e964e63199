using Dewy.Engine.Registries.Buckets;
using Dewy.Engine.Registries.Http;

namespace Dewy.Engine.Registries.GoogleCloudStorage;

/// <summary>Releases in Google Cloud Storage.</summary>
internal static class GcsRegistry
{
    public static RegistryScheme Scheme { get; } = new()
    {
        Name = "gs",
        Form = GcsAddress.Form,
        Parameters = [RegistryCriteria.Artifact, RegistryCriteria.PreRelease, RegistryCriteria.CalVer, RegistryCriteria.Constraint, GcsAddress.EndpointParameter],
        Artifact = ArtifactForm.GoogleCloudStorage,
        Credentials = CredentialForms.Token,
        Complete = (address, baseDirectory) =>
        {
            GcsAddress.Read(address, variable: static _ => null);
            return address;
        },
        Create = Create,
    };

    private static BucketReleaseSource Create(RegistryAddress address, RegistryServices services)
    {
        var place = GcsAddress.Read(address, services.Variable);
        var text = new HttpCallText
        {
            Subject = address.DisplayName,
            Target = address.DisplayName,
            NotFoundStep = "Correct the bucket of --registry, or create it.",
            UnauthorizedStep = "Give the agent Google credentials that may list the bucket and read its objects (role Storage Object Viewer), for example with GOOGLE_APPLICATION_CREDENTIALS.",
        };
        return new BucketReleaseSource(address.DisplayName, new BucketLocation(place.Root), place.Place.Prefix, new GcsBucketStore(place, services, text));
    }
}
