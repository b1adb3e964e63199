using System.Net.Sockets;
using Dewy.Engine.Proxy.Backends;
using Dewy.Engine.Proxy.Forwarding;
using Microsoft.AspNetCore.Http;

namespace Dewy.Engine.Proxy.Http1;

/// <summary>Passes requests on over HTTP/1.1, and their answers back.</summary>
internal sealed class Http1Forwarder(TimeProvider time) : IForwarder
{
    /// <inheritdoc/>
    public async ValueTask<ForwardingFailure> SendAsync(HttpContext context, Backend backend, int port, bool onFresh)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(backend);
        var target = backend[port];
        var body = RequestBody.Of(context);
        var makeSure = !Repetition.IsHarmless(context);
        while (true)
        {
            var connection = onFresh ? null : target.Connections.TryTake(makeSure);
            if (connection is null)
            {
                var failure = default(ForwardingFailure);
                (connection, failure) = await OpenAsync(context, backend, target, makeSure);
                if (connection is null)
                    return failure;
            }

            var exchange = new Exchange(connection, context, body, target.Latency, time);
            ForwardingFailure result;
            try
            {
                result = await exchange.RunAsync(target.Name);
            }
            finally
            {
                if (exchange.LeavesConnectionGood)
                    target.Connections.Return(connection, exchange.LeavesBackendBusy);
                else
                    target.Connections.Close(connection);
            }

            if (result.Kind is ForwardingFailureKind.NoAnswer or ForwardingFailureKind.NoAnswerOnKept)
                target.Connections.NoteLoss();
            if (result.Kind != ForwardingFailureKind.NeverSent)
                return result;
            if (!connection.IsUsed)
                return ForwardingFailure.Tell(context, result.Kind, StatusCodes.Status502BadGateway, result.Description);
            onFresh = true; // closed before it was asked: nothing is known of the backend, and nothing lost
        }
    }

    private static async ValueTask<(BackendConnection? Connection, ForwardingFailure Failure)> OpenAsync(HttpContext context, Backend backend, BackendPort target, bool makeSure)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, backend.Farewell.Ended);
        try
        {
            return (await target.Connections.OpenAsync(makeSure, over.Token), default);
        }
        catch (SocketException exception)
        {
            var kind = SocketFailure.IsOurs(exception) ? ForwardingFailureKind.Broken : ForwardingFailureKind.NeverSent;
            return (null, ForwardingFailure.Tell(context, kind, StatusCodes.Status502BadGateway, SocketFailure.Describe(exception)));
        }
        catch (OperationCanceledException)
        {
            var kind = context.RequestAborted.IsCancellationRequested ? ForwardingFailureKind.ByClient : ForwardingFailureKind.Broken;
            return (null, ForwardingFailure.Tell(context, kind, StatusCodes.Status502BadGateway));
        }
    }
}
