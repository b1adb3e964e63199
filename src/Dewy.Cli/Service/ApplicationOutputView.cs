using Dewy.Engine.Diagnostics;

namespace Dewy.Cli.Service;

/// <summary>Passes the application's lines on: its output to ours, its errors to ours.</summary>
internal sealed class ApplicationOutputView(TextWriter output, TextWriter error, SecretRedactor redactor) : IEngineEventSink
{
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public void Publish(EngineEvent engineEvent)
    {
        if (engineEvent is not ApplicationOutput line)
            return;

        lock (_gate)
        {
            var writer = line.IsError ? error : output;
            try
            {
                writer.WriteLine(redactor.Redact(line.Line));
                writer.Flush();
            }
            catch (IOException)
            {
                // Nobody reads our output any more; the application goes on.
            }
        }
    }
}
