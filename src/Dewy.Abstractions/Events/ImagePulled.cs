namespace Dewy;

/// <summary>An image is with the container engine.</summary>
/// <param name="Image">The image, by digest.</param>
/// <param name="Tag">The release it is.</param>
/// <param name="Duration">How long it took.</param>
public sealed record ImagePulled(string Image, string Tag, TimeSpan Duration) : EngineEvent;
