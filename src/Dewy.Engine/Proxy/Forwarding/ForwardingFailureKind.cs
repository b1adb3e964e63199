namespace Dewy.Engine.Proxy.Forwarding;

/// <summary>How far an exchange came that failed.</summary>
internal enum ForwardingFailureKind
{
    /// <summary>It did not fail.</summary>
    None = 0,

    /// <summary>It was begun and went wrong: it is as it is.</summary>
    Broken,

    /// <summary>The client went away, or sent what is no request: nothing that the backend is to blame for.</summary>
    ByClient,

    /// <summary>Not a byte was sent, for no connection was had that would take one: any other backend may be asked.</summary>
    NeverSent,

    /// <summary>Something was sent and no answer came back: may be asked again where asking twice does no harm.</summary>
    NoAnswer,

    /// <summary>
    /// The same on a connection that had been kept: the backend may have closed it before the request came, as it may at any
    /// time. Says nothing of the backend.
    /// </summary>
    NoAnswerOnKept,
}
