using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Dewy.Engine.Tests.Proxy;

public sealed class GrpcTests : IAsyncLifetime
{
    private TestBackend? _backend;
    private RunningProxy? _proxy;
    private GrpcChannel? _channel;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private CallInvoker Calls => (_channel ?? throw new InvalidOperationException("Not started.")).CreateCallInvoker();

    public async ValueTask InitializeAsync()
    {
        _backend = await TestBackend.StartAsync(
            application =>
            {
                application.UseRouting();
                application.MapGrpcService<EchoGrpcService>();
            },
            builder =>
            {
                builder.Services.AddRoutingCore();
                builder.Services.AddGrpc();
                builder.Services.AddSingleton<EchoGrpcService>();
            },
            HttpProtocols.Http2);
        _proxy = await RunningProxy.StartAsync(_backend);
        _channel = GrpcChannel.ForAddress(_proxy.Address);
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        if (_backend is not null)
            await _backend.DisposeAsync();
    }

    [Fact]
    public async Task Unary_AnswerAndTrailers_Come()
    {
        using var call = Calls.AsyncUnaryCall(EchoGrpc.Unary, null, new CallOptions(cancellationToken: Cancelled), "hello");
        Assert.Equal("HTTP/2 hello", await call.ResponseAsync);
        Assert.Equal("after", call.GetTrailers().GetValue("x-trailer"));
    }

    [Fact]
    public async Task Unary_Failure_KeepsStatusAndTrailers()
    {
        using var call = Calls.AsyncUnaryCall(EchoGrpc.Unary, null, new CallOptions(cancellationToken: Cancelled), "fail");
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        Assert.Equal(StatusCode.FailedPrecondition, failure.StatusCode);
        Assert.Equal("as asked", failure.Status.Detail);
        Assert.Equal("because", failure.Trailers.GetValue("x-why"));
    }

    [Fact]
    public async Task ServerStreaming_AllAnswers_Come()
    {
        using var call = Calls.AsyncServerStreamingCall(EchoGrpc.Many, null, new CallOptions(cancellationToken: Cancelled), "n");
        Assert.Equal(["n0", "n1", "n2"], await call.ResponseStream.ReadAllAsync(Cancelled).ToListAsync(Cancelled));
    }

    [Fact]
    public async Task DuplexStreaming_AnswersComeWhileTheRequestGoesOn()
    {
        using var call = Calls.AsyncDuplexStreamingCall(EchoGrpc.Both, null, new CallOptions(cancellationToken: Cancelled));
        foreach (var text in new[] { "one", "two", "three" })
        {
            await call.RequestStream.WriteAsync(text, Cancelled);
            Assert.True(await call.ResponseStream.MoveNext(Cancelled));
            Assert.Equal(text, call.ResponseStream.Current);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Cancelled));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task NoBackend_ClientSeesUnavailable()
    {
        await _proxy!.Backends.DrainAsync("b0", TimeSpan.FromSeconds(5), Cancelled); // started above
        using var call = Calls.AsyncUnaryCall(EchoGrpc.Unary, null, new CallOptions(cancellationToken: Cancelled), "hello");
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
    }
}
