namespace Dewy.Engine.Registries.GoogleCloudStorage;

/// <summary>A body whose stream is somebody else's, and stays open when the request is disposed.</summary>
internal sealed class UnownedContent(Stream content) : StreamContent(content)
{
    protected override void Dispose(bool disposing)
    {
        // Closing the stream is all the base class would do.
    }
}
