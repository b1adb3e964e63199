namespace Dewy.PowerShell.Commands;

/// <summary>Takes events from any thread and shows them on the pipeline's.</summary>
internal sealed class PumpedEvents(PipelinePump pump, CommandStreams streams) : IEngineEventSink
{
    public void Publish(EngineEvent engineEvent) => pump.PostNote(() => streams.Show(engineEvent));
}
