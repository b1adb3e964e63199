using Dewy.Engine.Processes;

namespace Dewy.Engine.Proxy;

/// <summary>One port of the proxy and where its traffic goes.</summary>
/// <param name="Listen">Where clients connect.</param>
/// <param name="Target">The port inside the replica; null for the one it has (the container port, the process's <c>PORT</c>).</param>
/// <param name="IsTcp">Whether bytes are passed on as they are; else HTTP.</param>
public sealed record PortMapping(ListenAddress Listen, int? Target, bool IsTcp)
{
    /// <inheritdoc/>
    public override string ToString() => Target is { } target ? $"{Listen.Spec}:{target}" : Listen.Spec;
}
