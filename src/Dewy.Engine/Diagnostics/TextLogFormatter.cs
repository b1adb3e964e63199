using System.Globalization;
using Dewy.Engine.Composition;
using Serilog.Events;
using Serilog.Formatting;

namespace Dewy.Engine.Diagnostics;

/// <summary>A line for people and grep: <c>2024-01-15T10:30:45Z INFO  Cached artifact cache_key="v1.2.3--myapp.tar.gz"</c>.</summary>
/// <param name="redactor">Takes secrets out.</param>
/// <param name="colour">Whether the level is coloured, for a terminal.</param>
internal sealed class TextLogFormatter(SecretRedactor redactor, bool colour) : ITextFormatter
{
    private readonly LogFields _fields = new(redactor);

    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        output.Write(LogFields.UtcTime(logEvent).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"));
        output.Write(' ');
        WriteLevel(logEvent, output);
        output.Write(' ');
        WriteEscaped(_fields.Message(logEvent), output, quoted: false);
        foreach (var (name, value) in _fields.Of(logEvent))
        {
            output.Write(' ');
            output.Write(name);
            output.Write('=');
            WriteValue(value, output);
        }

        output.Write('\n');
    }

    private void WriteLevel(LogEvent logEvent, TextWriter output)
    {
        var level = LogFields.Level(logEvent).PadRight(5);
        output.Write(colour ? $"\e[{ColourOf(logEvent.Level)}m{level}\e[0m" : level);
    }

    private static int ColourOf(LogEventLevel level) => level switch
    {
        LogEventLevel.Error or LogEventLevel.Fatal => 31,
        LogEventLevel.Warning => 33,
        LogEventLevel.Information => 32,
        _ => 90,
    };

    private static void WriteValue(object value, TextWriter output)
    {
        switch (value)
        {
            case string text:
                output.Write('"');
                WriteEscaped(text, output, quoted: true);
                output.Write('"');
                break;
            case bool truth:
                output.Write(truth ? "true" : "false");
                break;
            case TimeSpan duration:
                output.Write(DurationText.Format(duration));
                break;
            default:
                output.Write(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    /// <summary>Keeps a line one line, and a terminal unharmed: control characters are written as JSON escapes.</summary>
    private static void WriteEscaped(string text, TextWriter output, bool quoted)
    {
        foreach (var character in text)
        {
            switch (character)
            {
                case '\n': output.Write("\\n"); break;
                case '\r': output.Write("\\r"); break;
                case '\t': output.Write("\\t"); break;
                case '"' or '\\' when quoted: output.Write('\\'); output.Write(character); break;
                case '\u2028' or '\u2029': output.Write($"\\u{(int)character:x4}"); break;
                default:
                    if (char.IsControl(character))
                        output.Write($"\\u{(int)character:x4}");
                    else
                        output.Write(character);
                    break;
            }
        }
    }
}
