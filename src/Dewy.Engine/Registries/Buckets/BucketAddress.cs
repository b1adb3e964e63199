namespace Dewy.Engine.Registries.Buckets;

/// <summary>A bucket and the prefix below which everything lies.</summary>
/// <param name="Bucket">Name of the bucket.</param>
/// <param name="Prefix">Empty, or ending in a slash.</param>
internal sealed record BucketAddress(string Bucket, string Prefix)
{
    /// <summary>Longest key the protocols take, in bytes of UTF-8; some room is left for version and file name.</summary>
    private const int LongestPrefix = 700;

    /// <summary>Checks a bucket's name and the path below it.</summary>
    /// <param name="address">The URL, for messages.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="path">The path, with or without slashes around it.</param>
    /// <param name="form">How such URLs look.</param>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: it is no bucket's name, or no path.</exception>
    public static BucketAddress Create(RegistryAddress address, string bucket, string path, string form)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (bucket.Length is < 3 or > 222 || !bucket.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') || !char.IsAsciiLetterOrDigit(bucket[0]))
            throw RegistryAddressReader.Invalid(address.DisplayName, bucket.Length == 0 ? "it names no bucket" : $"'{bucket}' is no bucket's name", $"Write {form}.");
        var prefix = path.Trim('/');
        if (prefix.Length > LongestPrefix)
            throw RegistryAddressReader.Invalid(address.DisplayName, "its path is too long", $"Write {form}.");
        if (prefix.Length > 0 && prefix.Split('/').Any(segment => segment is "" or "." or ".."))
            throw RegistryAddressReader.Invalid(address.DisplayName, "its path has an empty part, '.' or '..'", $"Write {form}.");
        return new BucketAddress(bucket, prefix.Length == 0 ? "" : prefix + "/");
    }

    /// <summary>Reads the parameter <c>endpoint</c> or what the environment says instead.</summary>
    /// <param name="address">The URL, for messages.</param>
    /// <param name="text">The endpoint; null or empty for none.</param>
    /// <param name="origin">Where the text stands: the parameter or variable.</param>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: it is no web address.</exception>
    public static Uri? ReadEndpoint(RegistryAddress address, string? text, string origin)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (string.IsNullOrWhiteSpace(text))
            return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https" && endpoint.UserInfo.Length == 0 && endpoint.Query.Length == 0 && endpoint.Fragment.Length == 0
            ? endpoint
            : throw RegistryAddressReader.Invalid(address.DisplayName, $"its endpoint ({origin}) is no web address", "Write one such as https://minio.example.com:9000.");
    }
}
