namespace Dewy;

/// <summary>A container engine is told to bring an image.</summary>
/// <param name="Image">The image, by digest.</param>
/// <param name="Tag">The release it is.</param>
public sealed record ImagePullStarted(string Image, string Tag) : EngineEvent;
