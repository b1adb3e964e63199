using System.Net;

namespace Dewy.Engine.Proxy.Connections;

/// <summary>A client's connection, as a feature that every request on it finds.</summary>
internal sealed class ClientConnection(int port, bool isTls, EndPoint? remote)
{
    /// <summary>Index of the proxy's port it came to.</summary>
    public int Port => port;

    public bool IsTls => isTls;

    /// <summary>The client's address; null on a Unix-domain socket.</summary>
    public string? RemoteAddress { get; } = (remote as IPEndPoint)?.Address switch
    {
        null => null,
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        var address => address.ToString(),
    };
}
