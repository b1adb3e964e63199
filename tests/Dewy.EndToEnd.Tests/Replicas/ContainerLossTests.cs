using Dewy.EndToEnd.Tests.Replicas.Ground;

namespace Dewy.EndToEnd.Tests.Replicas;

public sealed class ContainerLossTests() : ReplicaLossTests(ReplicaKind.Container);
