using System.Net;
using System.Net.Sockets;

namespace Dewy.Engine.Proxy.Backends;

/// <summary>Connects to one address of a backend. Whatever it throws, nothing was sent.</summary>
internal sealed class BackendConnector(IPEndPoint endPoint, TimeProvider time)
{
    /// <summary>How long connecting may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <param name="connect">How; it gives up when it is cancelled.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SocketException">It refused, or did not answer in time (<see cref="SocketError.TimedOut"/>).</exception>
    public async ValueTask<Socket> ConnectAsync(Func<Socket, IPEndPoint, CancellationToken, ValueTask> connect, CancellationToken cancellationToken)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var over = new CancellationTokenSource(Limit, time);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
            try
            {
                await connect(socket, endPoint, limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new SocketException((int)SocketError.TimedOut);
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
