namespace Dewy.Engine.Proxy.Tcp;

/// <summary>
/// Passes bytes between two connected sockets, each direction by itself: one that has ended ends the other side's receiving
/// only. What one side sends is read no faster than the other takes it. A reset on one side becomes one on the other, for an
/// orderly end would tell it that it has got everything.
/// </summary>
internal interface ITcpRelay
{
    /// <summary>Bytes passed on in both directions; exact once it has ended.</summary>
    long Bytes { get; }

    /// <summary>Runs until both directions have ended; both sockets are closed then. Never throws for what the sides do.</summary>
    Task<TcpOutcome> RunAsync();

    /// <summary>Ends it, if it has not ended already: in good order where that is true, else with a reset to both sides.</summary>
    void End(TcpOutcome outcome);

    /// <summary>Ends it if no byte has moved for some time; to be called again and again.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="limit">How long it may be quiet.</param>
    void EndIfIdle(TimeProvider time, TimeSpan limit);
}
