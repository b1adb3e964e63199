using Dewy.EndToEnd.Tests.Hosting;

namespace Dewy.EndToEnd.Tests.Replicas.Ground;

/// <summary>Where releases are announced and replicas run: what processes and containers differ in.</summary>
internal abstract class ReplicaGround : IAsyncDisposable
{
    /// <summary>The registry's URL.</summary>
    public abstract string Registry { get; }

    /// <summary>Name of the command of <c>dewy</c>.</summary>
    public abstract string Command { get; }

    /// <summary>What comes after <c>--</c>.</summary>
    /// <param name="greeting">What replicas are to say besides their version; null for nothing.</param>
    public abstract IReadOnlyList<string> Arguments(string? greeting);

    /// <summary>Options of this kind alone, <see cref="Arguments"/> not among them.</summary>
    public abstract IEnumerable<(string Name, string Value)> Options { get; }

    /// <summary>Name of the option that holds <see cref="Arguments"/>.</summary>
    public abstract string ArgumentsOption { get; }

    public static async Task<ReplicaGround> OpenAsync(ReplicaKind kind, ReplicaProgram program, string directory, string root) =>
        kind == ReplicaKind.Process ? new ProcessGround(program, directory, root) : await ContainerGround.OpenAsync(program);

    /// <summary>Where a proxy listens, and what it leads to.</summary>
    /// <param name="port">Of the proxy, on the loopback address.</param>
    /// <param name="index">Which of the program's ports, from 0.</param>
    public abstract string Listen(int port, int index);

    public abstract Task PublishAsync(string tag, Behaviour? behaviour = null);

    /// <summary>Every replica of this application that there is.</summary>
    public abstract Task<IReadOnlyList<ReplicaInstance>> InstancesAsync();

    /// <summary>Sends one a signal as <c>kill</c> and <c>docker kill</c> do.</summary>
    /// <param name="instance">The replica.</param>
    /// <param name="signal">Its name, such as <c>KILL</c>.</param>
    public abstract Task SignalAsync(ReplicaInstance instance, string signal);

    /// <summary>Removes whatever is left.</summary>
    public abstract ValueTask DisposeAsync();
}
