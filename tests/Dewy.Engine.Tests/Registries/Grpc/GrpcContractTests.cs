using Dewy.Engine.Tests.Registries.Support;

namespace Dewy.Engine.Tests.Registries.Grpc;

public sealed class GrpcContractTests : ReleaseSourceContract
{
    private protected override RegistryFixture CreateRegistry() => new GrpcFixture();
}
