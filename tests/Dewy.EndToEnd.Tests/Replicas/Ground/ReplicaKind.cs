namespace Dewy.EndToEnd.Tests.Replicas.Ground;

/// <summary>What replicas are.</summary>
public enum ReplicaKind
{
    /// <summary>Processes of <c>dewy server --handoff proxy</c>.</summary>
    Process,

    /// <summary>Containers of <c>dewy container</c>.</summary>
    Container,
}
