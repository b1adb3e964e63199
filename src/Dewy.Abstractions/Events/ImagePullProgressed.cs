namespace Dewy;

/// <summary>Layers of an image arrived; at most a few of these a second.</summary>
/// <param name="Image">The image, by digest.</param>
/// <param name="Bytes">Bytes so far.</param>
/// <param name="Total">Bytes in all, as far as the layers known so far tell.</param>
/// <param name="LayersDone">Layers that are complete.</param>
/// <param name="Layers">Layers known so far.</param>
public sealed record ImagePullProgressed(string Image, long Bytes, long? Total, int LayersDone, int Layers) : EngineEvent;
