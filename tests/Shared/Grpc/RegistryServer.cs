using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Dewy.Tests.Grpc.Wire;
using Dewy.Tests.Http;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Dewy.Tests.Grpc;

/// <summary>A gRPC registry on loopback: ASP.NET Core's own gRPC server with the Go program's contract.</summary>
internal sealed class RegistryServer : LoopbackServer
{
    private readonly ConcurrentQueue<CurrentRequest> _questions = new();
    private readonly ConcurrentQueue<ReportRequest> _reports = new();

    /// <summary>Without one it speaks HTTP/2 without TLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Answers <c>Current</c>; may throw <see cref="RpcException"/>.</summary>
    public Func<CurrentRequest, ServerCallContext, CurrentResponse> OnCurrent { get; set; } =
        (_, _) => throw new RpcException(new Status(StatusCode.NotFound, "no release yet"));

    /// <summary>Called for each report; may throw <see cref="RpcException"/>.</summary>
    public Action<ReportRequest> OnReport { get; set; } = _ => { };

    /// <summary>Takes the place of gRPC.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    public IReadOnlyCollection<CurrentRequest> Questions => _questions;

    public IReadOnlyCollection<ReportRequest> Reports => _reports;

    /// <summary>Host and port, as they stand in a registry's URL.</summary>
    public string Authority => Address.Authority;

    protected override HttpProtocols Protocols => HttpProtocols.Http2;

    public static async Task<RegistryServer> CreateAsync(X509Certificate2? certificate = null)
    {
        var server = new RegistryServer { Certificate = certificate };
        await server.StartAsync();
        return server;
    }

    /// <summary>Names a release from now on.</summary>
    public void Publish(string tag, string url, DateTimeOffset? at = null, string id = "1") => OnCurrent = (_, _) =>
    {
        var response = new CurrentResponse { Id = id, Tag = tag, ArtifactUrl = url };
        if (at is { } created)
            response.CreatedAt = created.ToTimestamp();
        return response;
    };

    /// <summary>Fails with a status, and what is sent after it.</summary>
    public void Fail(StatusCode code, string detail, Metadata? trailers = null) =>
        OnCurrent = (_, _) => throw new RpcException(new Status(code, detail), trailers ?? []);

    protected override void Listen(ListenOptions listen)
    {
        base.Listen(listen);
        if (Certificate is { } certificate)
            listen.UseHttps(certificate);
    }

    protected override void Configure(WebApplicationBuilder builder)
    {
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(new Service(this));
    }

    protected override void Map(WebApplication application) => application.MapGrpcService<Service>();

    protected override Task ServeAsync(HttpContext context) =>
        Instead is { } instead ? instead(context)
        : context.GetEndpoint()?.RequestDelegate is { } serve ? serve(context)
        : AnswerAsync(context, 404, "");

    private sealed class Service(RegistryServer server) : RegistryService.RegistryServiceBase
    {
        public override Task<CurrentResponse> Current(CurrentRequest request, ServerCallContext context)
        {
            server._questions.Enqueue(request);
            return Task.FromResult(server.OnCurrent(request, context));
        }

        public override Task<Empty> Report(ReportRequest request, ServerCallContext context)
        {
            server.OnReport(request);
            server._reports.Enqueue(request);
            return Task.FromResult(new Empty());
        }
    }
}
