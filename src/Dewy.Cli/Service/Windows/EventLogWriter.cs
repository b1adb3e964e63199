using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;

namespace Dewy.Cli.Service.Windows;

/// <summary>Puts lines of the log that are worth it, and messages that are no lines of the log, into Windows' event log.</summary>
/// <param name="log">The service's event log.</param>
[SupportedOSPlatform("windows")]
internal sealed class EventLogWriter(EventLog log) : TextWriter
{
    private readonly StringBuilder _line = new();

    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.Unicode;

    /// <inheritdoc/>
    public override void Write(char value)
    {
        lock (_line)
        {
            if (value is not '\n')
            {
                _line.Append(value);
                return;
            }

            var entry = EventLogEntry.Of(_line.ToString());
            _line.Clear();
            if (entry is not null)
                log.WriteEntry(entry.Text, entry.IsError ? EventLogEntryType.Error : EventLogEntryType.Warning);
        }
    }
}
