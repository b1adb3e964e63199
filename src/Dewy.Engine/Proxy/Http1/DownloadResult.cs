namespace Dewy.Engine.Proxy.Http1;

/// <summary>What became of the body of an answer.</summary>
internal enum DownloadResult
{
    /// <summary>The client has it all, or will have.</summary>
    Complete = 0,

    /// <summary>The client went away.</summary>
    ClientGone,

    /// <summary>The connection ended before it did.</summary>
    Broken,

    /// <summary>It is not what it was said to be.</summary>
    Malformed,
}
