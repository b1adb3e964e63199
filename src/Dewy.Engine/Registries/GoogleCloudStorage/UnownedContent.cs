namespace Dewy.Engine.Registries.GoogleCloudStorage;

/// <summary>A body whose stream is somebody else's, and stays open when the request is disposed.</summary>
internal sealed class UnownedContent(Stream content) : StreamContent(content)
{
#pragma warning disable CA2215 // closing the stream is all the base class would do, and what must not happen
    protected override void Dispose(bool disposing)
    {
    }
#pragma warning restore CA2215
}
