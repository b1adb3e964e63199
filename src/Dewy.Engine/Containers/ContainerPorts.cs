using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Docker.DotNet.Models;

namespace Dewy.Engine.Containers;

/// <summary>Which ports of a container the proxy's are, and where the engine published them.</summary>
/// <param name="mapped">For each port of the proxy the container's; null for the default one.</param>
/// <param name="given">The default one, where the options name it.</param>
internal sealed class ContainerPorts(IReadOnlyList<int?> mapped, int? given)
{
    /// <summary>For each port of the proxy the container's; null for the default one.</summary>
    public IReadOnlyList<int?> Mapped => mapped;

    /// <summary>The port meant where a mapping names none: the options', or the only TCP port the image exposes.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: the image exposes none, or several.</exception>
    public int Default(IEnumerable<string>? exposed, string image)
    {
        if (given is { } port)
            return port;
        if (mapped.Count > 0 && mapped.All(target => target is not null))
            return mapped[0] ?? 0; // never asked for
        var ports = (exposed ?? []).SelectMany(TcpPorts).Distinct().Order().ToList();
        return ports.Count == 1
            ? ports[0]
            : throw new DewyException(ErrorCode.InvalidOption, ports.Count == 0
                ? $"The image {image} exposes no TCP port, so it is not known which one the application listens on."
                : $"The image {image} exposes {(ports.Count > 20 ? $"{ports.Count} TCP ports" : $"the TCP ports {string.Join(", ", ports)}")}, so it is not known which one is meant.")
            {
                Phase = "start",
                Target = image,
                NextStep = $"Name it with --container-port, or as --port <port>:{(ports.Count == 0 ? "<container port>" : ports[0])}.",
            };
    }

    /// <summary>The container's ports, each once.</summary>
    public IReadOnlyList<int> Of(int defaultPort) => [.. All(defaultPort).Distinct()];

    /// <summary>What makes the engine publish them, on loopback only, on ports of its own choice.</summary>
    public void Publish(CreateContainerParameters parameters, int defaultPort)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var names = Of(defaultPort).Select(Name).ToList();
        parameters.ExposedPorts = names.ToDictionary(name => name, _ => default(EmptyStruct), StringComparer.Ordinal);
        parameters.HostConfig ??= new HostConfig();
        parameters.HostConfig.PortBindings = names.ToDictionary(
            name => name,
            IList<PortBinding> (_) => [new PortBinding { HostIP = IPAddress.Loopback.ToString(), HostPort = "" }],
            StringComparer.Ordinal);
    }

    /// <summary>Where the engine published them, in the order of the proxy's ports; null where one is missing.</summary>
    public IReadOnlyList<IPEndPoint>? Find(ContainerInspectResponse container, int? labelled)
    {
        ArgumentNullException.ThrowIfNull(container);
        var published = (container.NetworkSettings?.Ports ?? ImmutableDictionary<string, IList<PortBinding>>.Empty)
            .Select(port => (Port: TcpPorts(port.Key).FirstOrDefault(), Address: Loopback(port.Value)))
            .Where(port => port is { Port: > 0, Address: not null })
            .ToDictionary(port => port.Port, port => port.Address);
        if (container.HostConfig?.NetworkMode is "host")
            published = (container.Config?.ExposedPorts?.Keys ?? []).SelectMany(TcpPorts).Distinct().ToDictionary(port => port, IPEndPoint? (port) => new(IPAddress.Loopback, port));
        var fallback = given ?? labelled ?? (published.Count == 1 ? published.Keys.First() : 0);
        var found = All(fallback).Select(port => published.GetValueOrDefault(port)).OfType<IPEndPoint>().ToList();
        return found.Count == mapped.Count ? found : null;
    }

    private IEnumerable<int> All(int defaultPort) => mapped.Select(target => target ?? defaultPort);

    private static string Name(int port) => $"{port}/tcp";

    /// <summary>The TCP ports of <c>8080</c>, <c>8080/tcp</c> or <c>8000-8003/tcp</c>; none for another protocol.</summary>
    private static IEnumerable<int> TcpPorts(string text)
    {
        var parts = text.Split('/');
        if (parts.Length > 1 && parts[1] is not "tcp")
            return [];
        var range = parts[0].Split('-');
        return int.TryParse(range[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(range[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && first is >= 1 and <= IPEndPoint.MaxPort && last >= first && last <= IPEndPoint.MaxPort
                ? Enumerable.Range(first, last - first + 1)
                : [];
    }

    private static IPEndPoint? Loopback(IList<PortBinding>? bindings) =>
        (bindings ?? [])
            .Select(binding => int.TryParse(binding.HostPort, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0 ? new IPEndPoint(IPAddress.Loopback, port) : null)
            .FirstOrDefault(address => address is not null);
}
