using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Dewy.Tests.Http;

/// <summary>
/// An HTTP server on a free loopback port that keeps what it was asked and can be told to misbehave. What it serves is the
/// derived class's business; it stands for a service that cannot be installed and is written from its public documentation.
/// </summary>
internal abstract class LoopbackServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();
    private readonly List<FaultUse> _faults = [];
    private readonly CancellationTokenSource _closing = new();
    private WebApplication? _application;

    /// <summary>Where it listens, such as <c>http://127.0.0.1:41234/</c>.</summary>
    public Uri Address { get; private set; } = new("http://invalid/");

    /// <summary>The same server by another name: for clients that is another host.</summary>
    public Uri OtherName => new UriBuilder(Address) { Host = "localhost" }.Uri;

    /// <summary>Every request so far, in the order they came.</summary>
    public IReadOnlyCollection<ReceivedRequest> Requests => _requests;

    protected static T Required<T>(T? value)
        where T : class => value ?? throw new InvalidOperationException("The server is not started.");

    /// <summary>Which protocols it speaks.</summary>
    protected virtual HttpProtocols Protocols => HttpProtocols.Http1;

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, 0, Listen);
            options.AllowAlternateSchemes = true;
            options.Limits.MaxRequestBodySize = null;
        });
        Configure(builder);
        _application = builder.Build();
        Map(_application);
        _application.Run(HandleAsync);
        await _application.StartAsync();
        Address = new Uri(_application.Urls.Single());
    }

    /// <summary>Spoils answers from now on. The first fault that applies to a request is taken.</summary>
    public void Add(Fault fault)
    {
        lock (_faults)
            _faults.Add(new FaultUse(fault) { Left = fault.Times ?? int.MaxValue });
    }

    /// <summary>Takes all faults away.</summary>
    public void Heal()
    {
        lock (_faults)
            _faults.Clear();
    }

    public void Forget() => _requests.Clear();

    /// <summary>Waits until so many requests came.</summary>
    public Task ReceivedAsync(int count) => Eventually.IsTrueAsync(() => _requests.Count >= count, $"{GetType().Name} got {count} requests");

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        if (_application is not null)
            await _application.DisposeAsync();
        await CloseAsync();
        _closing.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Sets up the socket: protocols, and TLS where the derived class wants it.</summary>
    protected virtual void Listen(ListenOptions listen) => listen.Protocols = Protocols;

    /// <summary>Adds end points, for <see cref="ServeAsync"/> to choose from.</summary>
    protected virtual void Map(WebApplication application)
    {
    }

    /// <summary>Adds what the server needs, such as gRPC.</summary>
    protected virtual void Configure(WebApplicationBuilder builder)
    {
    }

    /// <summary>Ends what the derived class started besides.</summary>
    protected virtual ValueTask CloseAsync() => ValueTask.CompletedTask;

    /// <summary>Answers a request in good health.</summary>
    protected abstract Task ServeAsync(HttpContext context);

    protected static async Task AnswerAsync(HttpContext context, int status, string body, string contentType = "application/json; charset=utf-8")
    {
        context.Response.StatusCode = status;
        if (body.Length == 0)
            return;
        context.Response.ContentType = contentType;
        var bytes = System.Text.Encoding.UTF8.GetBytes(body);
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private async Task HandleAsync(HttpContext context)
    {
        _requests.Enqueue(ReceivedRequest.Of(context.Request));
        switch (TakeFault(context.Request))
        {
            case null:
                await ServeAsync(context);
                break;
            case Fault.Answer answer:
                foreach (var (name, value) in answer.Headers)
                    context.Response.Headers.Append(name, value);
                await AnswerAsync(context, answer.Status, answer.Body, answer.ContentType);
                break;
            case Fault.Echo:
                await AnswerAsync(context, 422, $$"""{"message":"Not with {{context.Request.Headers.Authorization}} nor {{context.Request.QueryString}}"}""");
                break;
            case Fault.Stall:
                await HangAsync(context);
                break;
            case Fault.StallAfter stall:
                await SpoilAsync(context, stall.Bytes, () => HangAsync(context));
                break;
            case Fault.CutAfter cut:
                await SpoilAsync(context, cut.Bytes, () =>
                {
                    context.Abort();
                    return Task.CompletedTask;
                });
                break;
            case Fault.LyingLength lie:
                context.Response.OnStarting(() =>
                {
                    context.Response.ContentLength += lie.MoreBytes;
                    return Task.CompletedTask;
                });
                await ServeAsync(context);
                break;
            case var other:
                throw new NotSupportedException($"No such fault: {other}.");
        }
    }

    private async Task SpoilAsync(HttpContext context, long bytes, Func<Task> then)
    {
        var body = new SpoiledBody(context.Response.Body, bytes, then);
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body, context.Features.GetRequiredFeature<IHttpResponseBodyFeature>()));
        try
        {
            await ServeAsync(context);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Meant to be.
        }
    }

    private async Task HangAsync(HttpContext context)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _closing.Token);
        try
        {
            await Task.Delay(System.Threading.Timeout.Infinite, end.Token);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    private Fault? TakeFault(HttpRequest request)
    {
        lock (_faults)
        {
            var use = _faults.FirstOrDefault(use => use.Left > 0 && (use.Fault.When?.Invoke(request) ?? true));
            if (use is not null)
                use.Left--;
            return use?.Fault;
        }
    }

    private sealed class FaultUse(Fault fault)
    {
        public Fault Fault { get; } = fault;

        public int Left { get; set; }
    }
}
