namespace Dewy.Engine.Registries;

/// <summary>What a registry needs besides its address.</summary>
internal sealed record RegistryServices
{
    public required TimeProvider TimeProvider { get; init; }
}
