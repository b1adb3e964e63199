using Dewy.Engine.Registries.Grpc.Wire;
using Dewy.Engine.Registries.Http;
using Grpc.Core;
using Grpc.Net.Client;

namespace Dewy.Engine.Registries.Grpc;

/// <summary>Calls a gRPC registry: one connection, a deadline for each call, and failures people can act on.</summary>
internal sealed class RegistryClient : IDisposable
{
    /// <summary>Longest time for one call.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>An answer is an identifier, a tag and a URL.</summary>
    private const int LargestAnswer = 64 << 10;

    /// <summary>A connection that died unseen (a firewall forgot it) is found out within a call, by two pings at most: servers resent more.</summary>
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(12);

    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(10);

    private readonly GrpcChannel _channel;
    private readonly RegistryService.RegistryServiceClient _client;
    private readonly GrpcFailure _failure;
    private readonly HttpCallText _check;
    private readonly TimeProvider _timeProvider;

    public RegistryClient(GrpcAddress address, HttpCallText check, InwardGuard guard, RegistryServices services)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(guard);
        ArgumentNullException.ThrowIfNull(services);
        _check = check;
        _timeProvider = services.TimeProvider;
        var http = new HttpFailure(services.TimeProvider, services.Redactor);
        _failure = new GrpcFailure(address, http);
        var connections = guard.Attach(Tune(services.CreateHandler(), address));

        // As a client, not as a handler: with a handler the channel makes connections itself, past the guard, and has a
        // back-off of its own besides the agent's.
        _channel = GrpcChannel.ForAddress(address.Endpoint, new GrpcChannelOptions
        {
            HttpClient = new HttpClient(new GrpcAnswerHandler(connections, http, check)) { Timeout = System.Threading.Timeout.InfiniteTimeSpan },
            DisposeHttpClient = true,
            MaxReceiveMessageSize = LargestAnswer,
        });
        _client = new RegistryService.RegistryServiceClient(_channel);
    }

    public Task<CurrentResponse> CurrentAsync(CurrentRequest request, CancellationToken cancellationToken) =>
        CallAsync(options => _client.CurrentAsync(request, options), _check, cancellationToken);

    public Task ReportAsync(ReportRequest request, CancellationToken cancellationToken) =>
        CallAsync(options => _client.ReportAsync(request, options), _check with { Phase = "record" }, cancellationToken);

    /// <summary>The failure of an answer that says nothing of use.</summary>
    public DewyException Malformed(string why) => _failure.Malformed(why, _check);

    public void Dispose() => _channel.Dispose();

    private static HttpMessageHandler Tune(HttpMessageHandler handler, GrpcAddress address)
    {
        if (handler is SocketsHttpHandler sockets)
        {
            sockets.KeepAlivePingDelay = PingDelay;
            sockets.KeepAlivePingTimeout = PingTimeout;
            sockets.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;

            // There is no HTTP/2 without TLS through a proxy.
            if (address.IsPlain)
                sockets.UseProxy = false;
        }

        return handler;
    }

    private async Task<T> CallAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> start, HttpCallText text, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Timeout, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            // The deadline the service is told is counted by the library, on the system's clock whatever ours is.
            using var call = start(new CallOptions(deadline: TimeProvider.System.GetUtcNow().UtcDateTime + Timeout, cancellationToken: either.Token));
            return await call;
        }
        catch (RpcException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw deadline.IsCancellationRequested ? _failure.TimedOut(Timeout, text, exception) : _failure.Explain(exception, text);
        }
    }
}
