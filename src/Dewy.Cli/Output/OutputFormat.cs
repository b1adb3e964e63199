namespace Dewy.Cli.Output;

/// <summary>How an answer is shown.</summary>
internal static class OutputFormat
{
    /// <summary>Reads <c>table</c> (also where nothing was given) or <c>json</c>.</summary>
    public static bool IsJson(string? text, string flag = "--format") => text switch
    {
        null or "table" => false,
        "json" => true,
        _ => throw new UsageException($"{flag}: '{text}' is not one of table, json."),
    };
}
