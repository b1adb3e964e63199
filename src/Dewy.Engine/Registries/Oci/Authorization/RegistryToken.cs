namespace Dewy.Engine.Registries.Oci.Authorization;

/// <summary>A bearer token and until when it is worth sending.</summary>
internal sealed record RegistryToken(string Value, DateTimeOffset UsableUntil);
