using Dewy.Engine.Tests.Registries.Support;
using Dewy.Tests.Grpc;
using Dewy.Tests.Http;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Dewy.Engine.Tests.Registries.Grpc;

/// <summary>A gRPC registry that names files of a web server beside it.</summary>
internal sealed class GrpcFixture : RegistryFixture
{
    private readonly FileServer _files = new();
    private readonly RegistryServer _registry = new();
    private Action _heal = () => { };

    public override RegistryTraits Traits => RegistryTraits.HasFiles | RegistryTraits.Resumes | RegistryTraits.TellsAge;

    public override string Url => $"grpc://{_registry.Authority}";

    public override string Parameters => "no-tls=true";

    public override int? RequestCount => _registry.Requests.Count;

    public override async Task StartAsync()
    {
        await _files.StartAsync();
        await _registry.StartAsync();
    }

    public override Task PublishAsync(string tag, DateTimeOffset at, params IReadOnlyList<PublishedFile> files)
    {
        var file = files[0];
        var path = $"/{tag}/{file.Name}";
        _files.Put(path, file.Content);
        _registry.Publish(tag, new Uri(_files.Address, path).AbsoluteUri, at);
        return Task.CompletedTask;
    }

    public override Task BreakAsync(RegistryFault fault)
    {
        var healthy = _registry.OnCurrent;
        _heal = () => _registry.OnCurrent = healthy;
        NobodyListens = fault is RegistryFault.Unreachable;
        switch (fault)
        {
            case RegistryFault.Missing:
                _registry.Fail(StatusCode.Unimplemented, "unknown service dewy.RegistryService");
                break;
            case RegistryFault.Unauthorized:
                _registry.Fail(StatusCode.PermissionDenied, "this host may not ask");
                break;
            case RegistryFault.RateLimited:
                _registry.Fail(StatusCode.ResourceExhausted, "slow down", new Metadata { { "grpc-retry-pushback-ms", "120000" } });
                break;
            case RegistryFault.OutOfOrder:
                _registry.Fail(StatusCode.Unavailable, "maintenance");
                break;
            case RegistryFault.Malformed:
                _registry.Instead = SendGarbageAsync;
                break;
            case RegistryFault.Silent:
                _registry.Add(new Fault.Stall());
                break;
            case RegistryFault.Cut:
                _registry.Add(new Fault.CutAfter(3));
                break;
        }

        return Task.CompletedTask;
    }

    public override Task HealAsync()
    {
        _heal();
        _registry.Instead = null;
        _registry.Heal();
        NobodyListens = false;
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        await _files.DisposeAsync();
    }

    /// <summary>A frame as gRPC has them (five bytes before each message), with a message that is none.</summary>
    private static async Task SendGarbageAsync(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        context.Response.DeclareTrailer("grpc-status");
        await context.Response.Body.WriteAsync(new byte[] { 0, 0, 0, 0, 3, 0xff, 0xff, 0xff });
        context.Response.AppendTrailer("grpc-status", "0");
    }
}
