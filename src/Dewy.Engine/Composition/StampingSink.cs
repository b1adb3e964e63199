namespace Dewy.Engine.Composition;

/// <summary>Puts the time and the application's name on events that lack them, and passes them on.</summary>
internal sealed class StampingSink(IEngineEventSink next, TimeProvider time, string application) : IEngineEventSink
{
    public void Publish(EngineEvent engineEvent) => next.Publish(engineEvent with
    {
        Time = engineEvent.Time == default ? time.GetUtcNow() : engineEvent.Time,
        Application = engineEvent.Application ?? application,
    });
}
