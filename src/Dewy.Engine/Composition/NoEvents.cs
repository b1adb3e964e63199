namespace Dewy.Engine.Composition;

/// <summary>Where nobody listens.</summary>
internal sealed class NoEvents : IEngineEventSink
{
    public static NoEvents Instance { get; } = new();

    public void Publish(EngineEvent engineEvent)
    {
    }
}
