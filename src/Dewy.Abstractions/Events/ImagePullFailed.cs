namespace Dewy;

/// <summary>An image could not be brought.</summary>
/// <param name="Image">The image, by digest.</param>
/// <param name="Tag">The release it is.</param>
/// <param name="Reason">Why.</param>
public sealed record ImagePullFailed(string Image, string Tag, string Reason) : EngineEvent;
