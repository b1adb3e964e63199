namespace Dewy.Engine.Diagnostics;

/// <summary>How log lines look.</summary>
public enum LogFormat
{
    /// <summary>For people and grep: time, level, message, <c>key=value</c>.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,
}
