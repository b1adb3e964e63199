namespace Dewy;

/// <summary>Where events go. Called from any thread; must return at once and never throw.</summary>
public interface IEngineEventSink
{
    /// <summary>Takes one event.</summary>
    void Publish(EngineEvent engineEvent);
}
