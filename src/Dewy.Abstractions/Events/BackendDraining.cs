namespace Dewy;

/// <summary>A replica gets no new requests; those in flight may finish.</summary>
/// <param name="Backend">Its name.</param>
/// <param name="Tag">The release it runs.</param>
/// <param name="InFlight">Requests in flight at that moment.</param>
public sealed record BackendDraining(string Backend, string Tag, int InFlight) : EngineEvent;
