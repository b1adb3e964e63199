using Dewy.Engine.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Dewy.Engine.Composition.Definitions;

/// <summary>What the agent tells.</summary>
internal static class LoggingDefinitions
{
    public static IReadOnlyList<OptionDefinition> All { get; } =
    [
        Define.Choice("log-level", OptionGroup.Logging, "info", ["debug", "info", "warn", "error"],
            "Least important lines that are logged.",
            (options, value) => options with { Log = options.Log with { Level = Level(value) } }) with { ShortName = 'l' },
        Define.Choice("log-format", OptionGroup.Logging, "text", ["text", "json"],
            "text: for people; json: one object a line.",
            (options, value) => options with { Log = options.Log with { Format = Enum.Parse<LogFormat>(value, ignoreCase: true) } }) with { ShortName = 'f' },
        Define.Path("log-file", OptionGroup.Logging, "file",
            "Log into this file as well; a new one is begun every 50 MiB, 7 are kept.",
            (options, value) => options with { Log = options.Log with { File = value } }),
    ];

    private static LogLevel Level(string value) => value switch
    {
        "debug" => LogLevel.Debug,
        "warn" => LogLevel.Warning,
        "error" => LogLevel.Error,
        _ => LogLevel.Information,
    };
}
