namespace Dewy.Engine.Proxy.Http1;

/// <summary>Why a connection to a backend was broken off from this side.</summary>
internal enum BreakCause
{
    /// <summary>It was not.</summary>
    None = 0,

    /// <summary>The client went away, or did not send its request to the end.</summary>
    Client,

    /// <summary>Not a byte moved for the idle time-out.</summary>
    Idle,

    /// <summary>The backend has to leave, or the proxy: the time for what was in flight is over.</summary>
    Cut,

    /// <summary>Nothing more is expected of it.</summary>
    Done,
}
