using Dewy.Engine.Diagnostics;

namespace Dewy.Cli.Service;

/// <summary>Passes the application's lines on: its output to ours, its errors to ours.</summary>
/// <param name="output">Our output.</param>
/// <param name="error">Our errors.</param>
/// <param name="redactor">Takes secrets out.</param>
/// <param name="application">One of several whose lines mix, named before each; null for the only one.</param>
internal sealed class ApplicationOutputView(TextWriter output, TextWriter error, SecretRedactor redactor, string? application = null) : IEngineEventSink
{
    private readonly string _mark = application is null ? "" : $"{application}: ";
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
                writer.WriteLine(_mark + redactor.Redact(line.Line));
                writer.Flush();
            }
            catch (IOException)
            {
                // Nobody reads our output any more; the application goes on.
            }
        }
    }
}
