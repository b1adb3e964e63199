using System.Security.Cryptography;
using Dewy.EndToEnd.Tests.Hosting;
using Dewy.Tests;
using Dewy.Tests.Http;
using Xunit;

namespace Dewy.EndToEnd.Tests.Secrets;

/// <summary>The real <c>dewy releases</c> with secrets everywhere: registries that open to them, and registries that give them away.</summary>
public sealed class ReleasesSecrecyTests : IDisposable
{
    private static readonly string[] Schemes = ["ghr", "s3", "gs", "img", "img-basic", "grpc"];

    private readonly Canaries _canaries = new();
    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> EveryScheme => new(Schemes);

    public static TheoryData<string, string, string> EveryFault()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var scheme in Schemes)
        {
            data.Add(scheme, "echo", "text");
            data.Add(scheme, "quote", "json");
            data.Add(scheme, "page", "text");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(EveryScheme))]
    public async Task Releases_RegistryOpensToTheSecrets_ShowsNone(string scheme)
    {
        await using var registry = await CanaryRegistry.StartAsync(scheme, _canaries);

        var (code, output) = await RunAsync("releases", "--all", "--log-level", "debug", registry.Url);

        Assert.True(code == 0, output);
        Assert.Contains(CanaryRegistry.Tags[^1], output, StringComparison.Ordinal);
        Assert.Empty(_canaries.In(output));
    }

    [Theory]
    [MemberData(nameof(EveryFault))]
    public async Task Releases_RegistryGivesSecretsAway_ShowsNone(string scheme, string fault, string format)
    {
        await using var registry = await CanaryRegistry.StartAsync(scheme, _canaries);
        registry.Server.Add(fault switch
        {
            "echo" => new Fault.Echo { When = request => scheme is "grpc" || request.Headers.Authorization.Count > 0 },
            "page" => new Fault.Answer(502, $"<html>{_canaries.Quote()}</html>", "text/html"),
            _ when scheme is "s3" => new Fault.Answer(403, $"<Error><Code>SignatureDoesNotMatch</Code><Message>Not with {_canaries.Quote()}</Message></Error>", "application/xml"),
            _ => new Fault.Answer(403, $$"""{"message":"Not with {{_canaries.Quote()}}","errors":[{"code":"DENIED","message":"{{_canaries.Quote()}}"}]}""")
            {
                // Until an image registry asks, nobody has read Docker's configuration.
                When = request => !scheme.StartsWith("img", StringComparison.Ordinal) || request.Headers.Authorization.Count > 0,
            },
        });

        var (code, output) = await RunAsync("releases", "--log-level", "debug", "--log-format", format, registry.Url);

        Assert.True(code == (int)ExitCode.Registry, output);
        Assert.Empty(_canaries.In(output));
    }

    [Theory]
    [InlineData("ghr://someone:%@acme/app")]
    [InlineData("ghr://%@acme/app")]
    [InlineData("ghr://someone:pa/%@acme/app")]
    [InlineData("ghr://acme/app?token=%")]
    [InlineData("ghr://acme/app?artifact=a&access-key=%")]
    [InlineData("s3://eu-west-1/bucket?endpoint=http://someone:%@127.0.0.1:9/")]
    [InlineData("s3://eu-west-1/bucket?endpoint=http%3A%2F%2Fsomeone%3A%%40127.0.0.1%3A9%2F")]
    [InlineData("img://127.0.0.1:9/app?platform=linux/amd64&password=%")]
    public async Task Releases_UrlWithASecret_IsRefusedWithoutShowingIt(string url)
    {
        var secret = _canaries.Secret("url", $"canary{RandomNumberGenerator.GetHexString(16)}");
        var mark = url.Contains("%%", StringComparison.Ordinal) ? "%%" : "%";

        var (code, output) = await RunAsync("releases", mark is "%%" ? url.Replace("%%", secret + "%", StringComparison.Ordinal) : url.Replace(mark, secret, StringComparison.Ordinal));

        Assert.True(code == (int)ExitCode.Usage, output);
        Assert.Empty(_canaries.In(output));
    }

    public void Dispose()
    {
        _canaries.Dispose();
        _directory.Dispose();
    }

    private async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        await using var dewy = AgentProcess.StartCommand(_directory.Path, _canaries.Environment, arguments);
        var code = await dewy.ExitedAsync();
        return (code, dewy.Output);
    }
}
