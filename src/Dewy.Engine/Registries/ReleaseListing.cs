using Dewy.Engine.Releases;

namespace Dewy.Engine.Registries;

/// <summary>What a registry has.</summary>
/// <param name="Releases">All releases, in no particular order.</param>
/// <param name="NotModified">True where the registry itself said that nothing changed since the last listing.</param>
public sealed record ReleaseListing(IReadOnlyList<ReleaseCandidate> Releases, bool NotModified);
