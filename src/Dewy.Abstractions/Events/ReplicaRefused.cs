namespace Dewy;

/// <summary>A new replica came to nothing: it is removed, and what ran before goes on.</summary>
/// <param name="Replica">Its name; empty where it did not even start.</param>
/// <param name="Tag">The release it should have run.</param>
/// <param name="Code">What went wrong.</param>
/// <param name="Reason">The same for a person, with its last output.</param>
public sealed record ReplicaRefused(string Replica, string Tag, ErrorCode Code, string Reason) : EngineEvent;
