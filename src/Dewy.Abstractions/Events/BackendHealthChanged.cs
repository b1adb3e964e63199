namespace Dewy;

/// <summary>A backend is out of rotation because it does not answer, or in it again.</summary>
/// <param name="Backend">Its name.</param>
/// <param name="Tag">The release it runs.</param>
/// <param name="IsHealthy">Whether it is in rotation now.</param>
/// <param name="Reason">What was found.</param>
public sealed record BackendHealthChanged(string Backend, string Tag, bool IsHealthy, string Reason) : EngineEvent;
