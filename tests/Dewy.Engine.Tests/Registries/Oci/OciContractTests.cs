using Dewy.Engine.Tests.Registries.Support;

namespace Dewy.Engine.Tests.Registries.Oci;

public sealed class OciContractTests : ReleaseSourceContract
{
    private protected override RegistryFixture CreateRegistry() => new OciFixture();
}
