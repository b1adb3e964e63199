namespace Dewy.Engine.Proxy.Forwarding;

/// <summary>How far an exchange came that failed.</summary>
internal enum ForwardingFailureKind
{
    /// <summary>It was begun and went wrong: it is as it is.</summary>
    Broken,

    /// <summary>No connection was had, so nothing was sent: any other backend may be asked.</summary>
    NeverSent,

    /// <summary>Something was sent and nothing came back: may be asked again where asking twice does no harm.</summary>
    NoAnswer,
}
