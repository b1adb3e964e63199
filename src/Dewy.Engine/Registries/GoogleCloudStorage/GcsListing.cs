namespace Dewy.Engine.Registries.GoogleCloudStorage;

/// <summary>A page of a listing (<c>storage#objects</c>).</summary>
/// <param name="Prefixes">The "directories".</param>
/// <param name="Items">The objects.</param>
/// <param name="NextPageToken">What the next page is asked for with; null on the last.</param>
internal sealed record GcsListing(IReadOnlyList<string>? Prefixes = null, IReadOnlyList<GcsObject>? Items = null, string? NextPageToken = null);
