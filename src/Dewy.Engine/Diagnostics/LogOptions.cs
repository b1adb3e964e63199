using Microsoft.Extensions.Logging;

namespace Dewy.Engine.Diagnostics;

/// <summary>What is logged, and where to.</summary>
public sealed record LogOptions
{
    /// <summary>The least important lines shown; default <see cref="LogLevel.Information"/>.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;

    public LogFormat Format { get; init; } = LogFormat.Text;

    /// <summary>Absolute path of a file that is written besides standard error; null for none.</summary>
    public string? File { get; init; }

    /// <summary>Size in bytes at which a new file is begun; default 50 MiB.</summary>
    public long MaxFileSize { get; init; } = 50L << 20;

    /// <summary>How many files are kept, the one being written included; default 7.</summary>
    public int KeepFiles { get; init; } = 7;
}
