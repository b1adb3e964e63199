using Dewy.Engine.Tests.Registries.Support;
using Dewy.Tests.S3;
using Xunit;

[assembly: AssemblyFixture(typeof(S3Rver))]

namespace Dewy.Engine.Tests.Registries.S3;

public sealed class S3ContractTests(S3Rver server) : ReleaseSourceContract
{
    private protected override RegistryFixture CreateRegistry() => new S3Fixture(server);
}
