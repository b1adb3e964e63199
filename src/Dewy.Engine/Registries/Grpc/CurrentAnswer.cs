using Dewy.Engine.Registries.Grpc.Wire;

namespace Dewy.Engine.Registries.Grpc;

/// <summary>What a service says is current, checked.</summary>
internal sealed record CurrentAnswer
{
    private const int LongestTag = 255;

    public required string Tag { get; init; }

    /// <summary>The service's own identifier, which it gets back with the report; null where it gave none.</summary>
    public string? Id { get; init; }

    /// <summary>When the release was made (UTC), where the service tells.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Where the file lies; null while there is none.</summary>
    public ArtifactUrl? ArtifactUrl { get; init; }

    /// <summary>Checks an answer.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="refuse">Makes the failure from a clause about the answer.</param>
    public static CurrentAnswer Read(CurrentResponse response, Func<string, DewyException> refuse)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(refuse);
        if (response.Tag.Length == 0)
            throw refuse("it names no tag (a service without a release answers NOT_FOUND)");
        if (response.Tag.Length > LongestTag || response.Tag.Any(char.IsControl))
            throw refuse("its tag is too long or has control characters");
        return new CurrentAnswer
        {
            Tag = response.Tag,
            Id = response.Id.Length == 0 ? null : response.Id,
            CreatedAt = ReadTime(response, refuse),
            ArtifactUrl = response.ArtifactUrl.Length == 0 ? null : ArtifactUrl.Parse(response.ArtifactUrl, why => refuse($"it names a URL {why}")),
        };
    }

    public bool NamesSameFile(CurrentAnswer other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Tag == other.Tag && Id == other.Id && CreatedAt == other.CreatedAt && ArtifactUrl?.Identity == other.ArtifactUrl?.Identity;
    }

    private static DateTimeOffset? ReadTime(CurrentResponse response, Func<string, DewyException> refuse)
    {
        try
        {
            return response.CreatedAt?.ToDateTimeOffset();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentOutOfRangeException)
        {
            throw refuse("its time of creation is none");
        }
    }
}
