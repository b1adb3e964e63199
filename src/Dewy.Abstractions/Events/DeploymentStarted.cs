namespace Dewy;

/// <summary>A deployment began.</summary>
/// <param name="Id">Deployment id.</param>
/// <param name="Tag">The release to make live.</param>
/// <param name="PreviousTag">The release that is live.</param>
/// <param name="RequestedBy">Who or what asked.</param>
public sealed record DeploymentStarted(string Id, string Tag, string? PreviousTag, string RequestedBy) : EngineEvent;
