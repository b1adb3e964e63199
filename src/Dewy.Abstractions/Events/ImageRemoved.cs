namespace Dewy;

/// <summary>An image of a release that is no longer kept was removed.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Tag">The release it was.</param>
public sealed record ImageRemoved(string Id, string Tag) : EngineEvent;
