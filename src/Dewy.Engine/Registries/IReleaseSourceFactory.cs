namespace Dewy.Engine.Registries;

/// <summary>Makes the source for a registry's address.</summary>
internal interface IReleaseSourceFactory
{
    /// <summary>A source that lives as long as the agent that asked for it; nothing is read or connected yet.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: there is no registry of that scheme, or it cannot be at that place.</exception>
    IReleaseSource Create(RegistryAddress address, RegistryServices services);
}
