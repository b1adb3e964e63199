using Dewy.Engine.Containers.RunOptions;

namespace Dewy.Engine.Containers;

/// <summary>What containers of one application are like.</summary>
internal sealed record ContainerHostSettings
{
    /// <summary>Name of the application: the label its containers have, and what their names begin with.</summary>
    public required string Application { get; init; }

    /// <summary>Absolute path of the root; a key is kept in its <c>.dewy</c>.</summary>
    public required string Root { get; init; }

    public ContainerOptions Options { get; init; } = new();

    /// <summary>What <see cref="ContainerOptions.RunArguments"/> mean.</summary>
    public ContainerRunOptions RunOptions { get; init; } = ContainerRunOptions.None;

    /// <summary>For each port of the proxy, in their order, the container's; null for <see cref="ContainerOptions.Port"/> or the image's only one.</summary>
    public IReadOnlyList<int?> Ports { get; init; } = [null];

    /// <summary>How long a container may take to end before it is killed.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Where this host's agents lock applications (<see cref="ApplicationLock.Directory"/>).</summary>
    public required string LockDirectory { get; init; }

    public required string HostName { get; init; }
}
