namespace Dewy.PowerShell.Commands;

/// <summary>For questions nobody should hear of, such as completion.</summary>
internal sealed class SilentEvents : IEngineEventSink
{
    public static readonly SilentEvents Instance = new();

    public void Publish(EngineEvent engineEvent)
    {
    }
}
