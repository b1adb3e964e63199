namespace Dewy.Engine.Registries.Http;

/// <summary>What a media type is good for.</summary>
internal static class MediaTypes
{
    public static bool IsJson(string type) =>
        type.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether servers and the proxies before them answer so instead of with the file that was asked for.</summary>
    public static bool IsPage(string type) =>
        IsJson(type)
        || type.Equals("text/html", StringComparison.OrdinalIgnoreCase)
        || type.EndsWith("/xml", StringComparison.OrdinalIgnoreCase)
        || type.EndsWith("+xml", StringComparison.OrdinalIgnoreCase);
}
