using Dewy.EndToEnd.Tests.Replicas.Ground;

namespace Dewy.EndToEnd.Tests.Replicas;

public sealed class ContainerBadReleaseTests() : ReplicaBadReleaseTests(ReplicaKind.Container);
