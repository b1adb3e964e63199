using System.Net;
using System.Net.Sockets;
using Dewy.Engine.Admin.Answers;
using Dewy.Engine.Admin.Events;
using Dewy.Engine.Admin.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dewy.Engine.Admin;

/// <summary>The admin API of one agent: answers on its sockets until it is disposed of.</summary>
internal sealed class AdminServer : IAsyncDisposable
{
    private const int MaximumConnections = 128;
    private const int MaximumHeaderBytes = 16 << 10;
    private const int MaximumRequestLineBytes = 4 << 10;
    private static readonly TimeSpan HeaderLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(60);

    /// <summary>How long requests in flight may take when the agent ends.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(3);

    /// <summary>Failures nobody foresaw are told this often at most.</summary>
    private static readonly TimeSpan TellEvery = TimeSpan.FromMinutes(1);

    private readonly AdminServerParts _parts;
    private readonly AdminAnswers _answers;
    private readonly AdminRoutes _routes = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly WebApplication _application;
    private DateTimeOffset _told = DateTimeOffset.MinValue;

    private AdminServer(AdminServerParts parts)
    {
        _parts = parts;
        _answers = new AdminAnswers(parts.Redactor);
        Map();
        _application = Build();
        _application.Run(AnswerAsync);
    }

    /// <summary>Starts to answer.</summary>
    public static async Task<AdminServer> StartAsync(AdminServerParts parts, CancellationToken cancellationToken)
    {
        var server = new AdminServer(parts);
        try
        {
            await server._application.StartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        using (var limit = new CancellationTokenSource(StopLimit, _parts.Time))
        {
            try
            {
                await _application.StopAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                // Whoever is not done by now is cut off.
            }
        }

        await _application.DisposeAsync();
        _parts.Sockets.Dispose();
        _stopping.Dispose();
    }

    private void Map()
    {
        var reader = new StatusReader(_parts.Agent, _parts.Version, _parts.Time.GetUtcNow(), _parts.Metrics is not null, _parts.Time);
        _routes.Get("/api/containers", context => _answers.WriteAsync(context, new ContainersAnswer(reader.ReadContainers())));
        _routes.Get("/api/status", context => _answers.WriteAsync(context, reader.Read()));
        _routes.Get("/api/replicas", context => _answers.WriteAsync(context, new ReplicasAnswer(reader.ReadReplicas())));
        _routes.Get("/api/deployments", context => _answers.WriteAsync(context, new DeploymentsAnswer(_parts.Agent.GetDeployments(QueryNumber.Read(context.Request, "limit", 50, 1, 1000)))));
        _routes.Get("/api/events", new EventStream(_parts.Feed, _parts.Time, _stopping.Token).AnswerAsync);
        _routes.Get("/healthz", AnswerHealthAsync);
        _routes.Get("/metrics", context => _parts.Metrics is { } metrics
            ? metrics(context)
            : throw new AdminProblemException(StatusCodes.Status404NotFound, "TelemetryOff", "There are no metrics: telemetry is off.", "Start the agent with --telemetry."));

        var operations = new OperationEndpoints(_parts.Agent, new TokenGate(_parts.Token, _parts.Events, _parts.Time), _answers, _parts.Time, _stopping.Token);
        _routes.Post("/api/deploy", operations.DeployAsync);
        _routes.Post("/api/pause", operations.PauseAsync);
        _routes.Post("/api/resume", operations.ResumeAsync);
        _routes.Post("/api/rollback", operations.RollbackAsync);
        _routes.Post("/api/pin", operations.PinAsync);
        _routes.Post("/api/drain", operations.DrainAsync);
        DashboardFiles.AddTo(_routes);
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Dewy", ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSingleton<IHostLifetime, DetachedLifetime>();
        builder.Services.Configure<SocketTransportOptions>(transport => transport.CreateBoundListenSocket = SocketOf);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MaximumConnections;
            kestrel.Limits.MaxRequestBodySize = null; // orders have a limit of their own, and a refusal that says so
            kestrel.Limits.MaxRequestHeadersTotalSize = MaximumHeaderBytes;
            kestrel.Limits.MaxRequestLineSize = MaximumRequestLineBytes;
            kestrel.Limits.RequestHeadersTimeout = HeaderLimit;
            kestrel.Limits.KeepAliveTimeout = KeepAlive;
            foreach (var socket in _parts.Sockets.All)
            {
                // A socket that listens has a local end point.
                kestrel.Listen(socket.LocalEndPoint!, listen => listen.Protocols = HttpProtocols.Http1);
            }
        });
        return builder.Build();
    }

    private Socket SocketOf(EndPoint endPoint) =>
        _parts.Sockets.All.FirstOrDefault(socket => Equals(socket.LocalEndPoint, endPoint) || endPoint is UnixDomainSocketEndPoint && socket.AddressFamily == AddressFamily.Unix)
        ?? throw new InvalidOperationException($"{endPoint} was not bound.");

    private async Task AnswerAsync(HttpContext context)
    {
        AddHeaders(context.Response.Headers);
        try
        {
            RequestGuard.Check(context, _parts.Sockets.Path is not null);
            await _routes.AnswerAsync(context);
        }
        catch (AdminProblemException problem)
        {
            await RefuseAsync(context, problem);
        }
        catch (DewyException exception)
        {
            await RefuseAsync(context, AdminProblemException.From(exception));
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException exception)
        {
            await RefuseAsync(context, new AdminProblemException(exception.StatusCode, "BadRequest", exception.Message, nextStep: null));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested || _stopping.IsCancellationRequested)
        {
            context.Abort();
        }
        catch (Exception exception) // the root of a request
        {
            Tell(context, exception);
            await RefuseAsync(context, new AdminProblemException(StatusCodes.Status500InternalServerError, nameof(ErrorCode.Unexpected), exception.Message, "See the agent's log."));
        }
    }

    private async Task RefuseAsync(HttpContext context, AdminProblemException problem)
    {
        if (context.Response.HasStarted)
            context.Abort();
        else
            await _answers.RefuseAsync(context, problem);
    }

    private async Task AnswerHealthAsync(HttpContext context)
    {
        var state = _parts.Agent.GetStatus().State;
        var ok = state is not (AgentState.Stopping or AgentState.Stopped);
        await _answers.WriteAsync(context, new HealthAnswer(ok ? "ok" : "stopping", state), ok ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static void AddHeaders(IHeaderDictionary headers)
    {
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";
    }

    private void Tell(HttpContext context, Exception exception)
    {
        var now = _parts.Time.GetUtcNow();
        if (now - _told < TellEvery)
            return;
        _told = now;
        _parts.Events.Publish(new AttentionNeeded($"The admin API failed on {context.Request.Method} {context.Request.Path}: {exception.GetType().Name}: {exception.Message}", "admin API", "Report this; deployments are not affected.") { Time = now });
    }
}
