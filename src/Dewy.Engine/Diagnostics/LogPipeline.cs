using Dewy.Engine.Diagnostics.Messages;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;

namespace Dewy.Engine.Diagnostics;

/// <summary>Owns everything between an event and the places where log lines are kept.</summary>
public sealed class LogPipeline : IDisposable
{
    private readonly ILoggerFactory _loggers;
    private readonly Microsoft.Extensions.Logging.ILogger _logger;

    private LogPipeline(ILoggerFactory loggers)
    {
        _loggers = loggers;
        _logger = loggers.CreateLogger("Dewy");
        View = new LogView(_logger);
    }

    /// <summary>The view of events.</summary>
    public LogView View { get; }

    /// <summary>Opens the log.</summary>
    /// <param name="options">What is logged, and where to.</param>
    /// <param name="redactor">Takes secrets out of every line.</param>
    /// <param name="output">Where lines go besides the file: standard error.</param>
    /// <param name="colour">Whether levels are coloured there; a file never is.</param>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: the log file cannot be written.</exception>
    public static LogPipeline Create(LogOptions options, SecretRedactor redactor, TextWriter output, bool colour)
    {
        ArgumentNullException.ThrowIfNull(options);
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Is(SerilogLevel(options.Level))
            .WriteTo.Sink(new TextWriterSink(output, Formatter(options.Format, redactor, colour)));
        if (options.File is { } file)
        {
            RequireWritable(file);
            configuration = configuration.WriteTo.File(
                Formatter(options.Format, redactor, colour: false),
                file,
                fileSizeLimitBytes: options.MaxFileSize,
                rollOnFileSizeLimit: true,
                retainedFileCountLimit: options.KeepFiles);
        }

        var logger = configuration.CreateLogger();
        return new LogPipeline(LoggerFactory.Create(builder => builder.SetMinimumLevel(options.Level).AddSerilog(logger, dispose: true)));
    }

    /// <summary>The view of one of several applications, whose lines carry its name.</summary>
    public LogView ViewOf(string application) => new(_logger, application);

    /// <summary>Logs why the program ends.</summary>
    public void Failed(Exception exception) => View.Failed(exception);

    /// <summary>Logs that a signal came.</summary>
    public void SignalReceived(string signal) => HostLog.SignalReceived(_logger, signal);

    /// <summary>Writes what is still to be written.</summary>
    public void Dispose() => _loggers.Dispose();

    private static Serilog.Formatting.ITextFormatter Formatter(LogFormat format, SecretRedactor redactor, bool colour) =>
        format == LogFormat.Json ? new JsonLogFormatter(redactor) : new TextLogFormatter(redactor, colour);

    private static LogEventLevel SerilogLevel(LogLevel level) => level switch
    {
        LogLevel.Trace => LogEventLevel.Verbose,
        LogLevel.Debug => LogEventLevel.Debug,
        LogLevel.Information => LogEventLevel.Information,
        LogLevel.Warning => LogEventLevel.Warning,
        _ => LogEventLevel.Error,
    };

    /// <summary>The file sink keeps quiet when it cannot write; a person finds that out on the day the log is needed.</summary>
    private static void RequireWritable(string file)
    {
        try
        {
            if (Path.GetDirectoryName(file) is { Length: > 0 } directory)
                Directory.CreateDirectory(directory);
            using var stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DewyException(ErrorCode.InvalidOption, $"--log-file: {file} cannot be written: {exception.Message}", exception)
            {
                Target = file,
                NextStep = "Choose another --log-file, or give the agent's user write access.",
            };
        }
    }
}
