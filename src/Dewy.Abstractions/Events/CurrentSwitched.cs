namespace Dewy;

/// <summary><c>current</c> now points to another release.</summary>
/// <param name="From">The release directory it points to.</param>
/// <param name="To">The link.</param>
public sealed record CurrentSwitched(string From, string To) : EngineEvent;
