namespace Dewy.Engine.Proxy.Tcp;

/// <summary>How a connection of a TCP port ended.</summary>
internal enum TcpOutcome
{
    /// <summary>It has not.</summary>
    Open = 0,

    /// <summary>Both sides said that they were done.</summary>
    Completed,

    /// <summary>Neither side said anything for the idle time-out.</summary>
    Idle,

    /// <summary>The client broke it off.</summary>
    BrokenByClient,

    /// <summary>The backend broke it off.</summary>
    BrokenByBackend,

    /// <summary>It was ended here, at the limit of a drain or a stop.</summary>
    Cut,

    /// <summary>No backend could be had for it.</summary>
    Unavailable,
}
