using Microsoft.AspNetCore.Connections;

namespace Dewy.Engine.Proxy.Connections;

/// <summary>The first that a connection passes through: notes where it came in, and gives its slot back at the end.</summary>
internal sealed class ConnectionEntry(PortContext port, bool isTls, ConnectionDelegate next)
{
    public async Task OnConnectionAsync(ConnectionContext connection)
    {
        try
        {
            connection.Features.Set(new ClientConnection(port.Index, isTls, connection.RemoteEndPoint));
            await next(connection);
        }
        finally
        {
            port.Slots.Disconnected();
        }
    }
}
