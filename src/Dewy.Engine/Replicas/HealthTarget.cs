using System.Net;
using System.Net.Sockets;

namespace Dewy.Engine.Replicas;

/// <summary>What a health check asks.</summary>
/// <param name="EndPoint">Address of the replica: TCP, or a Unix-domain socket.</param>
/// <param name="Path">Path asked for over HTTP; null to be content with a connection.</param>
internal sealed record HealthTarget(EndPoint EndPoint, string? Path)
{
    /// <summary>
    /// True where somebody else accepts connections in the replica's place, as a container engine's port mapping does: a
    /// connection then only counts when it is still open a moment later.
    /// </summary>
    public bool IsRelayed { get; init; }

    /// <summary>The check for people: <c>http://127.0.0.1:8000/health</c>, or the bare address without a path.</summary>
    public override string ToString() => Path is null ? Authority : EndPoint is UnixDomainSocketEndPoint ? $"{Authority} {Path}" : Url.ToString();

    /// <summary>The address asked over HTTP; the host of a Unix-domain socket is <c>localhost</c>.</summary>
    public Uri Url => new($"http://{(EndPoint is UnixDomainSocketEndPoint ? "localhost" : Authority)}/{(Path ?? "").TrimStart('/')}");

    private string Authority => EndPoint.ToString() ?? "";
}
