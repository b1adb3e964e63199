using Microsoft.AspNetCore.Http;

namespace Dewy.Tests.Http;

/// <summary>What goes wrong with an answer of a <see cref="LoopbackServer"/>.</summary>
internal abstract record Fault
{
    /// <summary>Which requests it applies to; null for all.</summary>
    public Func<HttpRequest, bool>? When { get; init; }

    /// <summary>How many answers it spoils; null for all until it is taken away.</summary>
    public int? Times { get; init; }

    /// <summary>Answers with a status, headers and a body instead.</summary>
    public sealed record Answer(int Status, string Body = "", string ContentType = "application/json", params (string Name, string Value)[] Headers) : Fault;

    /// <summary>Never answers.</summary>
    public sealed record Stall : Fault;

    /// <summary>Answers, then goes silent after so many bytes of the body.</summary>
    public sealed record StallAfter(long Bytes) : Fault;

    /// <summary>Resets the connection after so many bytes of the body.</summary>
    public sealed record CutAfter(long Bytes) : Fault;

    /// <summary>Announces so many bytes more than come, and closes the connection in an orderly way.</summary>
    public sealed record LyingLength(long MoreBytes) : Fault;

    /// <summary>Refuses the request and quotes the credentials it came with, as some servers do.</summary>
    public sealed record Echo : Fault;

    public static Answer ServerError { get; } = new(502, "<html>bad gateway</html>", "text/html");

    public static Answer TooManyRequests(int retryAfterSeconds) =>
        new(429, """{"message":"Too many requests"}""", Headers: ("Retry-After", retryAfterSeconds.ToString()));

    public static Answer MalformedJson { get; } = new(200, """[{"tag_name": "v1.0.0", "assets": [""");

    /// <summary>What proxies and sign-in pages do: a page where something else was asked for.</summary>
    public static Answer Page { get; } = new(200, "<html><body>Please sign in</body></html>", "text/html");

    public static Answer RedirectTo(Uri target) => new(302, Headers: ("Location", target.ToString()));
}
