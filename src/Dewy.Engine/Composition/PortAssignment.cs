using Dewy.Engine.Processes;
using Dewy.Engine.Proxy;

namespace Dewy.Engine.Composition;

/// <summary>Gives the ports to whoever holds them: the program, which inherits them, or the proxy.</summary>
internal static class PortAssignment
{
    private const int DefaultContainerModePort = 8000;

    public static ApplicationOptions Apply(ApplicationOptions options)
    {
        if (options.Server is { } server && (!server.BehindProxy || options.Listen.Count + options.ListenTcp.Count == 0))
        {
            return options with
            {
                Server = server with { BehindProxy = false, Listen = [.. options.Listen.Select(mapping => mapping.Listen)] },
                Replicas = null,
                Proxy = null,
            };
        }

        if (options.Proxy is not { } proxy || options.Replicas is not { } replicas)
            return options;
        var http = options.Listen;
        if (http.Count + options.ListenTcp.Count == 0)
            http = [new PortMapping(ListenAddress.ParseAll([$"{DefaultContainerModePort}"])[0], Target: null, IsTcp: false)];
        return options with
        {
            Proxy = proxy with
            {
                Ports = [.. http, .. options.ListenTcp.Select(mapping => mapping with { IsTcp = true })],
                HealthPath = replicas.HealthPath,
            },
        };
    }
}
