using Dewy.Engine.Registries;
using Dewy.Engine.Registries.Grpc;
using Xunit;

namespace Dewy.Engine.Tests.Registries.Grpc;

public sealed class GrpcAddressTests
{
    [Theory]
    [InlineData("grpc://releases.example.test:8443", "https://releases.example.test:8443/")]
    [InlineData("grpc://releases.example.test", "https://releases.example.test/")]
    [InlineData("grpc://releases.example.test:9000/?no-tls=true&artifact=app&calver=YYYY.MM.MICRO", "http://releases.example.test:9000/")]
    [InlineData("grpc://[::1]:9000?no-tls", "http://[::1]:9000/")]
    [InlineData("grpc://127.0.0.1:9000?no-tls=false", "https://127.0.0.1:9000/")]
    public void Parse_ValidUrl_IsThatEndpoint(string url, string endpoint) =>
        Assert.Equal(endpoint, GrpcAddress.From(RegistryCatalog.BuiltIn.Parse(url)).Endpoint.AbsoluteUri);

    [Theory]
    [InlineData("grpc://", "host")]
    [InlineData("grpc://:9000", "host")]
    [InlineData("grpc://example.test:9000/app", "'app'")]
    [InlineData("grpc://example.test:0", "port")]
    [InlineData("grpc://exa mple:9000", "'exa mple:9000'")]
    [InlineData("grpc://example.test:9000?no-tls=perhaps", "'perhaps'")]
    [InlineData("grpc://example.test:9000?constraint=^1", "no-tls, artifact, calver")]
    public void Parse_InvalidUrl_SaysWhatIsWrong(string url, string why)
    {
        var failure = Assert.Throws<DewyException>(() => RegistryCatalog.BuiltIn.Parse(url));

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
    }
}
