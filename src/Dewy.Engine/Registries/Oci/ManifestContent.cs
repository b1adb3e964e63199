using Dewy.Engine.Registries.Oci.Wire;

namespace Dewy.Engine.Registries.Oci;

/// <summary>A manifest or an index as the registry sent it, its digest verified.</summary>
/// <param name="Digest">Its digest: the one asked for, or computed from the bytes.</param>
/// <param name="MediaType">What it is.</param>
/// <param name="Document">What it says.</param>
internal sealed record ManifestContent(Digest Digest, string? MediaType, ManifestDocument Document);
