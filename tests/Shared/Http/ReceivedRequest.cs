using Microsoft.AspNetCore.Http;

namespace Dewy.Tests.Http;

/// <summary>A request as a loopback server saw it.</summary>
/// <param name="Method">The method, upper case.</param>
/// <param name="Path">The path, decoded.</param>
/// <param name="Query">The query with its question mark, or nothing.</param>
/// <param name="Headers">The headers; names in any case.</param>
internal sealed record ReceivedRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The value of a header; null where it was not sent.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public override string ToString() => $"{Method} {Path}{Query}";

    public static ReceivedRequest Of(HttpRequest request) => new(
        request.Method,
        request.Path.Value ?? "",
        request.QueryString.Value ?? "",
        request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
}
