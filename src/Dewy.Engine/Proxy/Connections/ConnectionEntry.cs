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
            if (port.Observer is { } observer)
                await MeasureAsync(connection, observer);
            else
                await next(connection);
        }
        finally
        {
            port.Slots.Disconnected();
        }
    }

    private async Task MeasureAsync(ConnectionContext connection, IProxyObserver observer)
    {
        var began = port.Time.GetTimestamp();
        var counted = new CountedTransport(connection.Transport);
        connection.Transport = counted;
        observer.Connected(port.Index);
        try
        {
            await next(connection);
        }
        finally
        {
            observer.Disconnected(port.Index, port.Time.GetElapsedTime(began), counted.Bytes);
        }
    }
}
