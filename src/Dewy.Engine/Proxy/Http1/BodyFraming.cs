namespace Dewy.Engine.Proxy.Http1;

/// <summary>How the end of a body is known (RFC 9112, 6.3).</summary>
internal enum BodyFraming
{
    /// <summary>There is none.</summary>
    None = 0,

    /// <summary>Its length was said before.</summary>
    Length,

    /// <summary>It comes in chunks, the last of which says so.</summary>
    Chunked,

    /// <summary>It ends with the connection; answers only.</summary>
    UntilEnd,
}
