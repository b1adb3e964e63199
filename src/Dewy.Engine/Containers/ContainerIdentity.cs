using System.Collections.Immutable;
using System.Globalization;
using Docker.DotNet.Models;

namespace Dewy.Engine.Containers;

/// <summary>What a container is, as far as it never changes while it runs.</summary>
internal sealed record ContainerIdentity
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required int Number { get; init; }

    /// <summary>The image by digest, or however it was started.</summary>
    public required string Image { get; init; }

    public required LiveRelease Release { get; init; }

    /// <summary>Of this run; a container that is started again has another.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public static ContainerIdentity Of(ContainerInspectResponse container)
    {
        ArgumentNullException.ThrowIfNull(container);
        var labels = new Dictionary<string, string>(container.Config?.Labels ?? ImmutableDictionary<string, string>.Empty, StringComparer.Ordinal);
        var created = new DateTimeOffset(DateTime.SpecifyKind(container.Created, DateTimeKind.Utc));
        var image = container.Config?.Image ?? container.Image;
        return new ContainerIdentity
        {
            Id = container.ID,
            Name = container.Name.TrimStart('/'),
            Number = ContainerLabels.ReadNumber(labels, ContainerLabels.Replica) ?? 0,
            Image = image,
            Release = ContainerLabels.ReadRelease(labels, image, created),
            StartedAt = StartOf(container.State) ?? created,
            Labels = labels,
        };
    }

    /// <summary>When the current or last run began; null where there was none.</summary>
    public static DateTimeOffset? StartOf(State? state) =>
        DateTimeOffset.TryParse(state?.StartedAt, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) && time.Year > 1 ? time : null;
}
