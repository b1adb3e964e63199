using System.Net;
using Dewy.Engine.Containers.Engine;
using Dewy.Engine.Proxy.Standalone;
using Docker.DotNet.Models;

namespace Dewy.Engine.Containers;

/// <summary>The running containers of one application, found by their labels, as a proxy's backends. Looks only; starts and stops nothing.</summary>
/// <param name="engine">Where they run; owned.</param>
/// <param name="application">The application's name.</param>
/// <param name="ports">For each port of the proxy the container's; null for the one the application is known to listen on.</param>
internal sealed class LabelledBackends(ContainerEngine engine, string application, IReadOnlyList<int?> ports) : IBackendSource
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<WantedBackend>> FindAsync(CancellationToken cancellationToken)
    {
        var filter = new Dictionary<string, IDictionary<string, bool>>(StringComparer.Ordinal)
        {
            ["label"] = new Dictionary<string, bool>(StringComparer.Ordinal) { [$"{ContainerLabels.Managed}=true"] = true, [$"{ContainerLabels.Application}={application}"] = true },
            ["status"] = new Dictionary<string, bool>(StringComparer.Ordinal) { ["running"] = true },
        };
        var containers = await engine.AskAsync("list containers", (client, token) => client.Containers.ListContainersAsync(new ContainersListParameters { Filters = filter }, token), cancellationToken);
        return [.. containers.OrderBy(container => container.Created).Select(Read).OfType<WantedBackend>()];
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        engine.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Null where a port of the proxy is not published.</summary>
    private WantedBackend? Read(ContainerListResponse container)
    {
        var published = container.Ports
            .Where(port => port.Type is "tcp" && port.PublicPort > 0)
            .GroupBy(port => (int)port.PrivatePort)
            .ToDictionary(same => same.Key, same => new IPEndPoint(IPAddress.Loopback, same.First().PublicPort ?? 0));
        var own = ContainerLabels.ReadNumber(container.Labels.AsReadOnly(), ContainerLabels.Port) ?? (published.Count == 1 ? published.Keys.First() : 0);
        List<IPEndPoint> endPoints = [.. ports.Select(port => published.GetValueOrDefault(port ?? own)).OfType<IPEndPoint>()];
        var name = container.Names is [var first, ..] ? first.TrimStart('/') : container.ID;
        return endPoints.Count == ports.Count ? new WantedBackend(name, endPoints) : null;
    }
}
