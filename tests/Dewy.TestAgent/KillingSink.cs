using System.Diagnostics;

namespace Dewy.TestAgent;

/// <summary>Tells every event as a moment, and kills its own process at one of them: the engine is then in the middle of publishing it.</summary>
/// <param name="killAt">The moment; null to live on.</param>
/// <param name="output">Gets one line per event.</param>
internal sealed class KillingSink(string? killAt, TextWriter output) : IEngineEventSink
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _seen = new(StringComparer.Ordinal);

    public void Publish(EngineEvent engineEvent)
    {
        var moment = Moment.Of(engineEvent);
        lock (_gate)
        {
            var times = _seen[moment] = _seen.GetValueOrDefault(moment) + 1;
            if (times > 1)
                moment = $"{moment} #{times}";
            output.WriteLine(moment);
            output.Flush();
        }

        if (moment != killAt)
            return;
        using var self = Process.GetCurrentProcess();
        self.Kill(); // SIGKILL on Unix
        Thread.Sleep(Timeout.Infinite); // nothing of this thread happens after the event
    }
}
