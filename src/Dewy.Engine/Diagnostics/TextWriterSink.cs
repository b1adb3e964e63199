using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;

namespace Dewy.Engine.Diagnostics;

/// <summary>Writes lines to a given writer, each at once and whole.</summary>
internal sealed class TextWriterSink(TextWriter writer, ITextFormatter formatter) : ILogEventSink
{
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public void Emit(LogEvent logEvent)
    {
        // Put together first: two agents may share a terminal, and a line written in pieces would mix with another's.
        using var line = new StringWriter();
        formatter.Format(logEvent, line);
        lock (_gate)
        {
            try
            {
                writer.Write(line.ToString());
                writer.Flush();
            }
            catch (IOException)
            {
                // Whoever read standard error is gone; that must not stop deployments.
            }
        }
    }
}
