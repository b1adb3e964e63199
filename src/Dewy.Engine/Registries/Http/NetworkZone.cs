namespace Dewy.Engine.Registries.Http;

/// <summary>How far inside an address is.</summary>
internal enum NetworkZone
{
    /// <summary>Anybody's.</summary>
    Public = 0,

    /// <summary>A site's own: RFC 1918, carrier's NAT, unique local, and whatever else is not routed.</summary>
    Private,

    /// <summary>The same wire; clouds answer with credentials there (169.254.169.254).</summary>
    LinkLocal,

    /// <summary>This host's own.</summary>
    Loopback,
}
