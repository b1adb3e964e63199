namespace Dewy.Engine.Proxy.Http1;

/// <summary>What became of reading a head.</summary>
internal enum ParseResult
{
    /// <summary>So far so good; more is needed.</summary>
    Incomplete = 0,

    /// <summary>It is all there.</summary>
    Complete,

    /// <summary>It cannot be what it should be, whatever follows.</summary>
    Malformed,
}
