using System.Globalization;

namespace Dewy.Engine.Containers;

/// <summary>The labels by which Dewy knows its containers. The first five are shared with the Go program.</summary>
internal static class ContainerLabels
{
    /// <summary>What every label of Dewy's begins with; nobody else may set those.</summary>
    public const string Prefix = "dewy.";

    public const string Managed = "dewy.managed";
    public const string Application = "dewy.app";
    public const string Version = "dewy.version";
    public const string Replica = "dewy.replica";
    public const string DeployedAt = "dewy.deployed_at";
    public const string Digest = "dewy.digest";

    /// <summary>The image's reference by tag.</summary>
    public const string Key = "dewy.key";

    /// <summary>The deployment that made the release live.</summary>
    public const string Deployment = "dewy.deployment";

    /// <summary>Fingerprint of the options it was started with (<see cref="OptionFingerprint"/>).</summary>
    public const string Options = "dewy.options";

    /// <summary>The port meant where a mapping names none.</summary>
    public const string Port = "dewy.port";

    /// <summary>Labels of a new container.</summary>
    public static Dictionary<string, string> For(string application, LiveRelease release, int number, string fingerprint, int port)
    {
        ArgumentNullException.ThrowIfNull(release);
        var labels = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Managed] = "true",
            [Application] = application,
            [Version] = release.Tag,
            [Replica] = number.ToString(),
            [DeployedAt] = release.DeployedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"),
            [Key] = release.Key,
            [Deployment] = release.DeploymentId,
            [Options] = fingerprint,
            [Port] = port.ToString(),
        };
        if (release.Digest is { } digest)
            labels[Digest] = digest.ToString();
        return labels;
    }

    /// <summary>What a container runs, by its labels; what those of the Go program do not tell is made up from the container itself.</summary>
    public static LiveRelease ReadRelease(IReadOnlyDictionary<string, string> labels, string image, DateTimeOffset createdAt)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return new LiveRelease
        {
            Tag = labels.GetValueOrDefault(Version) is { Length: > 0 } tag ? tag : "?",
            Key = labels.GetValueOrDefault(Key) ?? image,
            Digest = Dewy.Digest.TryParse(labels.GetValueOrDefault(Digest), out var digest) || Dewy.Digest.TryParse(image[(image.IndexOf('@', StringComparison.Ordinal) + 1)..], out digest) ? digest : null,
            DeployedAt = DateTimeOffset.TryParse(labels.GetValueOrDefault(DeployedAt), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : createdAt,
            DeploymentId = labels.GetValueOrDefault(Deployment) ?? "",
        };
    }

    /// <summary>A number in a label; null where there is none.</summary>
    public static int? ReadNumber(IReadOnlyDictionary<string, string> labels, string name)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return int.TryParse(labels.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
