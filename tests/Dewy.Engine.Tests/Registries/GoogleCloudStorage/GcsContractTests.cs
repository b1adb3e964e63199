using Dewy.Engine.Tests.Registries.Support;

namespace Dewy.Engine.Tests.Registries.GoogleCloudStorage;

public sealed class GcsContractTests : ReleaseSourceContract
{
    private protected override RegistryFixture CreateRegistry() => new GcsFixture();
}
