using Dewy.Engine.Tests.Registries.Support;

namespace Dewy.Engine.Tests.Registries.GitHub;

public sealed class GitHubContractTests : ReleaseSourceContract
{
    private protected override RegistryFixture CreateRegistry() => new GitHubFixture();
}
