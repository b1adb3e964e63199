namespace Dewy.Engine.Registries.Buckets;

/// <summary>Addresses of a bucket's objects, as assets carry them: <c>s3://eu-west-1/bucket/app/v1.2.3/app.zip</c>.</summary>
/// <param name="root">What all of them begin with, up to the slash after the bucket.</param>
internal sealed class BucketLocation(string root)
{
    /// <summary>The address of an object.</summary>
    public Uri Of(string key) => new(root + string.Join('/', key.Split('/').Select(Uri.EscapeDataString)));

    /// <summary>The object of an address.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.ArtifactNotFound"/>: the address is of something else.</exception>
    public string ToKey(Uri location)
    {
        ArgumentNullException.ThrowIfNull(location);
        return location.OriginalString.StartsWith(root, StringComparison.Ordinal)
            ? Uri.UnescapeDataString(location.OriginalString[root.Length..])
            : throw new DewyException(ErrorCode.ArtifactNotFound, $"{location} is not in {root}.")
            {
                Phase = "fetch",
                Target = location.ToString(),
                NextStep = "Look for the release again: the registry's address has changed since it was found.",
            };
    }
}
