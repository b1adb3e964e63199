namespace Dewy.Engine.Registries.Oci.Wire;

/// <summary>The answer to <c>GET /v2/&lt;name&gt;/tags/list</c>. A repository without tags may say null.</summary>
internal sealed record TagListDocument
{
    public IReadOnlyList<string?>? Tags { get; init; }
}
