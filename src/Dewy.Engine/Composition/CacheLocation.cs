using Dewy.Engine.Artifacts;
using Dewy.Engine.Registries;
using Dewy.Engine.Registries.Buckets;

namespace Dewy.Engine.Composition;

/// <summary>The place of the artifact cache as a person gives it.</summary>
internal static class CacheLocation
{
    /// <summary>Parameter of a shared cache's URL: how long the registry's answer stands for all hosts.</summary>
    private const string RegistryTtl = "registry-ttl";

    private static readonly TimeSpan ShortestTtl = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestTtl = TimeSpan.FromDays(1);

    /// <summary>Takes the place of the cache: a directory (<see cref="Parse"/>), or a bucket that a fleet shares.</summary>
    /// <exception cref="FormatException">The text is neither.</exception>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: it is a bucket's URL with a fault.</exception>
    public static ArtifactOptions Apply(ArtifactOptions options, string text, string baseDirectory)
    {
        if (!IsBucket(text))
            return options with { CacheDirectory = Parse(text, baseDirectory), SharedCache = null };
        var address = SharedBucketPlace.Parse(text, RegistryTtl);
        return options with { CacheDirectory = null, SharedCache = new SharedCacheOptions { Address = address, RegistryTtl = ReadTtl(address) } };
    }

    /// <summary>The directory a cache URL (<c>file:///dir</c>, <c>file://./dir</c>) or an absolute path means; null for an empty one, which stands for the default.</summary>
    /// <exception cref="FormatException">The text is neither.</exception>
    public static string? Parse(string text, string baseDirectory)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;

        const string fileScheme = "file://";
        if (text.StartsWith(fileScheme, StringComparison.OrdinalIgnoreCase))
        {
            var path = Uri.UnescapeDataString(text[fileScheme.Length..]);
            if (OperatingSystem.IsWindows() && path is ['/', _, ':', ..])
                path = path[1..];
            if (path.StartsWith('.') || Path.IsPathRooted(path))
                return Path.GetFullPath(path, baseDirectory);
        }
        else if (Path.IsPathFullyQualified(text))
        {
            return Path.GetFullPath(text);
        }

        throw new FormatException($"'{text}' is neither a directory such as file:///var/cache/dewy nor a bucket ({SharedBucketPlace.Forms})");
    }

    private static bool IsBucket(string text) =>
        text.StartsWith("s3://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("gs://", StringComparison.OrdinalIgnoreCase);

    private static TimeSpan? ReadTtl(RegistryAddress address)
    {
        if (!address.Parameters.TryGetValue(RegistryTtl, out var text))
            return null;
        return DurationText.TryParse(text, out var ttl) && ttl >= ShortestTtl && ttl <= LongestTtl
            ? ttl
            : throw new FormatException($"'{text}' is no {RegistryTtl}: write a duration from 1s to 1d, such as 30s");
    }
}
