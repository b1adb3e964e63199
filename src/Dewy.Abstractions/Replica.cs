namespace Dewy;

/// <summary>One running instance of an application behind the proxy: a process or a container.</summary>
public sealed record Replica
{
    /// <summary>Name of the application.</summary>
    public required string Application { get; init; }

    /// <summary>The container's full id; of a process its number.</summary>
    public required string Id { get; init; }

    /// <summary><c>&lt;application&gt;-&lt;unix seconds&gt;-&lt;number&gt;</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its place among the replicas of one release, from 0.</summary>
    public required int Number { get; init; }

    /// <summary>The release it runs.</summary>
    public required string Tag { get; init; }

    public Digest? Digest { get; init; }

    /// <summary>The image by digest; null for a process.</summary>
    public string? Image { get; init; }

    /// <summary>Process id of the program; null for a container.</summary>
    public int? ProcessId { get; init; }

    public required ReplicaState State { get; init; }

    /// <summary>Where it listens, one address for each port of the proxy, such as <c>127.0.0.1:32768</c>; empty once it has ended.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Requests it is answering now.</summary>
    public int InFlight { get; init; }

    /// <summary>Requests it was given since it joined.</summary>
    public long Requests { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When its release was deployed.</summary>
    public DateTimeOffset? DeployedAt { get; init; }

    /// <summary>What is wrong with it; null while nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>Labels of the container; empty for a process.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
