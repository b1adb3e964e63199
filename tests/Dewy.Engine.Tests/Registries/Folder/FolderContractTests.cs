using Dewy.Engine.Tests.Registries.Support;

namespace Dewy.Engine.Tests.Registries.Folder;

public sealed class FolderContractTests : ReleaseSourceContract
{
    private protected override RegistryFixture CreateRegistry() => new FolderFixture();
}
