using System.Globalization;
using System.Net;
using Dewy.Engine.Composition;
using Dewy.Engine.Processes;
using Dewy.Engine.Proxy;
using Dewy.Engine.Proxy.Backends;

namespace Dewy.Benchmarks.Proxy;

/// <summary>Dewy's proxy as the agent runs it, in this process: what the benchmark starts itself as. Ends when its input does.</summary>
internal static class OwnProxy
{
    /// <summary>The argument that asks for it; the kind, its port and the backend's follow.</summary>
    public const string Word = "own-proxy";

    public static async Task RunAsync(string kind, string port, string backendPort, TextReader input)
    {
        var isTcp = kind is "tcp";
        var options = new ProxyOptions
        {
            Ports = [.. ListenAddress.ParseAll([$"127.0.0.1:{port}"]).Select(address => new PortMapping(address, Target: null, isTcp))],
            HealthPath = isTcp ? null : "/1k",
        };
        var events = NoEvents.Instance;
        await using var backends = new BackendSet(options, events, TimeProvider.System);
        backends.Add("backend", [new IPEndPoint(IPAddress.Loopback, int.Parse(backendPort, CultureInfo.InvariantCulture))]);
        await using var server = new ProxyServer(options, backends, events, TimeProvider.System);
        await server.StartAsync(inherited: null, CancellationToken.None);
        await input.ReadToEndAsync();
    }
}
