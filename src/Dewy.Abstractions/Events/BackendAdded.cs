namespace Dewy;

/// <summary>A replica gets requests.</summary>
/// <param name="Backend">Its name.</param>
/// <param name="Tag">The release it runs.</param>
/// <param name="Address">Where it listens, such as <c>127.0.0.1:32768</c>.</param>
public sealed record BackendAdded(string Backend, string Tag, string Address) : EngineEvent;
