namespace Dewy;

/// <summary>A replica has left the proxy.</summary>
/// <param name="Backend">Its name.</param>
/// <param name="Tag">The release it runs.</param>
/// <param name="Ended">Requests that had to be ended because the drain time was over.</param>
/// <param name="Duration">How long draining took.</param>
public sealed record BackendRemoved(string Backend, string Tag, int Ended, TimeSpan Duration) : EngineEvent;
