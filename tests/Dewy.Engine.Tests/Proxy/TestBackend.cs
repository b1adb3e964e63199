using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Dewy.Engine.Tests.Proxy;

/// <summary>An application behind the proxy: a Kestrel of its own on a free loopback port.</summary>
internal sealed class TestBackend : IAsyncDisposable
{
    private readonly WebApplication _application;

    private TestBackend(WebApplication application) => _application = application;

    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.Loopback, 0);

    public static Task<TestBackend> StartAsync(RequestDelegate serve, HttpProtocols protocols = HttpProtocols.Http1, int port = 0) =>
        StartAsync(application => application.Run(serve), _ => { }, protocols, port);

    /// <summary>Answers every request with its own name.</summary>
    public static Task<TestBackend> StartNamedAsync(string name) => StartAsync(context => context.Response.WriteAsync(name, context.RequestAborted));

    public static async Task<TestBackend> StartAsync(
        Action<WebApplication> map, Action<WebApplicationBuilder> configure, HttpProtocols protocols = HttpProtocols.Http1, int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
            options.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
            options.Limits.MaxRequestBodySize = null;
            options.Listen(IPAddress.Loopback, port, listen => listen.Protocols = protocols);
        });
        configure(builder);
        var application = builder.Build();
        map(application);
        await application.StartAsync();
        return new TestBackend(application) { EndPoint = IPEndPoint.Parse(new Uri(application.Urls.Single()).Authority) };
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }
}
