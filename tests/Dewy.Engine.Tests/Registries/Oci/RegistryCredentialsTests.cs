using System.Text;
using Dewy.Engine.Registries;
using Dewy.Engine.Registries.Oci;
using Dewy.Engine.Registries.Oci.Credentials;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Registries.Oci;

public sealed class RegistryCredentialsTests : OciTest
{
    [Theory]
    [InlineData("ghcr.io/a/b", "ghcr.io")]
    [InlineData("ghcr.io/a/b", "https://ghcr.io")]
    [InlineData("ghcr.io/a/b", "https://ghcr.io/v2/")]
    [InlineData("localhost:5000/a", "localhost:5000")]
    [InlineData("docker.io/a/b", "https://index.docker.io/v1/")]
    [InlineData("docker.io/a/b", "docker.io")]
    [InlineData("registry-1.docker.io/a/b", "https://index.docker.io/v1/")]
    public async Task Find_EntryOfTheFile_IsFoundUnderItsName(string image, string key)
    {
        WriteDockerConfig($$"""{"auths":{"other.example":{"auth":"{{Base64("x:y")}}"},"{{key}}":{"auth":"{{Base64("rita:pass:word")}}"} } }""");

        Assert.Equal("rita/pass:word", await LookUpAsync(image));
    }

    [Theory]
    [InlineData("ghcr.io.evil.example/a")]
    [InlineData("evil.example/ghcr.io")]
    [InlineData("ghcr.io:8443/a")]
    [InlineData("sub.ghcr.io/a")]
    public async Task Find_AnotherHost_GetsNothing(string image)
    {
        WriteDockerConfig($$"""{"auths":{"ghcr.io":{"auth":"{{Base64("rita:password")}}"} } }""");
        Environment["GITHUB_TOKEN"] = "token";

        Assert.Null(await LookUpAsync(image));
    }

    [Theory]
    [InlineData("ghcr.io/a", "GITHUB_TOKEN", true)]
    [InlineData("docker.io/a", "GITHUB_TOKEN", false)]
    [InlineData("123456789012.dkr.ecr.eu-west-1.amazonaws.com/a", "AWS_ECR_PASSWORD", true)]
    [InlineData("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/a", "AWS_ECR_PASSWORD", true)]
    [InlineData("123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.example/a", "AWS_ECR_PASSWORD", false)]
    [InlineData("dkr.ecr.evil.example/a", "AWS_ECR_PASSWORD", false)]
    [InlineData("gcr.io/project/a", "GCR_TOKEN", true)]
    [InlineData("eu.gcr.io/project/a", "GCR_TOKEN", true)]
    [InlineData("us-central1-docker.pkg.dev/project/repo/a", "GCR_TOKEN", true)]
    [InlineData("evilgcr.io/a", "GCR_TOKEN", false)]
    [InlineData("docker.pkg.dev.evil.example/a", "GCR_TOKEN", false)]
    public async Task Find_TokenOfAProvider_GoesToThatProviderOnly(string image, string variable, bool expected)
    {
        Environment[variable] = "token-of-a-provider";

        Assert.Equal(expected, await LookUpAsync(image) is not null);
    }

    [Theory]
    [InlineData("123456789012.dkr.ecr.eu-west-1.amazonaws.com/a", "AWS_ECR_PASSWORD", "AWS")]
    [InlineData("gcr.io/a", "GCR_TOKEN", "oauth2accesstoken")]
    public async Task Find_TokenOfAProvider_HasTheUserItWants(string image, string variable, string user)
    {
        Environment[variable] = "secret";

        Assert.Equal($"{user}/secret", await LookUpAsync(image));
    }

    [Fact]
    public async Task Find_SeveralSources_FileThenUserThenProvider()
    {
        Environment["GITHUB_TOKEN"] = "token";
        Assert.Equal("dewy/token", await LookUpAsync("ghcr.io/a"));
        (Environment["DOCKER_USERNAME"], Environment["DOCKER_PASSWORD"]) = ("user", "password");
        Assert.Equal("user/password", await LookUpAsync("ghcr.io/a"));
        WriteDockerConfig("""{"auths":{"ghcr.io":{}}}""");
        Assert.Equal("user/password", await LookUpAsync("ghcr.io/a"));
        WriteDockerConfig($$"""{"auths":{"ghcr.io":{"auth":"{{Base64("file:secret")}}"} } }""");
        Assert.Equal("file/secret", await LookUpAsync("ghcr.io/a"));
    }

    [Fact]
    public async Task Find_DockerConfigVariable_NamesTheDirectory()
    {
        WriteDockerConfig($$"""{"auths":{"ghcr.io":{"auth":"{{Base64("home:secret")}}"} } }""");
        WriteFile(Path.Combine(Home, "elsewhere", "config.json"), """{"auths":{"ghcr.io":{"username":"elsewhere","password":"secret"}}}""");
        Environment["DOCKER_CONFIG"] = Path.Combine(Home, "elsewhere");

        Assert.Equal("elsewhere/secret", await LookUpAsync("ghcr.io/a"));
    }

    [Fact]
    public async Task Find_NothingAnywhere_IsNull() => Assert.Null(await LookUpAsync("ghcr.io/a"));

    [Theory]
    [InlineData("{\n\"auths\": secret-CANARY}", "line 2")]
    [InlineData("""{"auths":["secret-CANARY"]}""", "line 1")]
    [InlineData("""{"auths":{"ghcr.io":{"auth":"secret-CANARY!"}}}""", "'auth' of ghcr.io")]
    [InlineData("""{"auths":{"ghcr.io":{"auth":"bm8gY29sb24="}}}""", "'auth' of ghcr.io")]
    public async Task Find_FileOfNoUse_SaysWhereButNotWhat(string json, string where)
    {
        WriteDockerConfig(json.Replace("CANARY", Canary.Mark, StringComparison.Ordinal));

        var failure = await Assert.ThrowsAsync<DewyException>(() => LookUpAsync("ghcr.io/a"));

        Assert.Equal((ErrorCode.InvalidConfiguration, Path.Combine(Home, ".docker", "config.json")), (failure.Code, failure.Target));
        Assert.Contains(where, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary.Mark, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_HelperOfTheRegistry_IsAskedByItsName()
    {
        WriteHelper("test", """read server; printf '{"ServerURL":"%s","Username":"%s","Secret":"%s %s"}' "$server" "$server" "$1" "$CLOUD"; """);
        WriteDockerConfig("""{"credHelpers":{"ghcr.io":"test"},"credsStore":"missing"}""");
        Environment["CLOUD"] = "needed-by-the-helper";

        Assert.Equal("ghcr.io/get needed-by-the-helper", await LookUpAsync("ghcr.io/a"));
        Assert.Equal("ghcr.io/get needed-by-the-helper", await LookUpAsync("ghcr.io/a")); // although the redactor knows the secret by now
        Assert.Equal("***", Redactor.Redact("get needed-by-the-helper"));
    }

    [Fact]
    public async Task Find_Store_KnowsDockerHubByItsOldName()
    {
        WriteHelper("test", """read server; printf '{"Username":"%s","Secret":"secret"}' "$server" """);
        WriteDockerConfig("""{"credsStore":"test"}""");

        Assert.Equal("https://index.docker.io/v1//secret", await LookUpAsync("docker.io/a"));
    }

    [Fact]
    public async Task Find_HelperWithAnIdentityToken_SaysSo()
    {
        WriteHelper("test", """printf '{"Username":"<token>","Secret":"secret"}' """);
        WriteDockerConfig("""{"credsStore":"test"}""");

        Assert.True((await FindCredentialAsync("ghcr.io/a"))?.IsIdentityToken);
    }

    [Fact]
    public async Task Find_HelperThatHasNothing_LeavesItToTheNextSource()
    {
        WriteHelper("test", "echo 'credentials not found in native keychain'; exit 1");
        WriteDockerConfig("""{"credsStore":"test"}""");
        Environment["GITHUB_TOKEN"] = "token";

        Assert.Equal("dewy/token", await LookUpAsync("ghcr.io/a"));
    }

    [Theory]
    [InlineData("echo 'no such region' >&2; exit 3", "exited with code 3: no such region")]
    [InlineData("echo hello", "JSON")]
    [InlineData("exec dd if=/dev/zero bs=1024 count=2000 2>/dev/null", "JSON")]
    public async Task Find_HelperThatFails_SaysHow(string script, string how)
    {
        WriteHelper("test", script);
        WriteDockerConfig("""{"credsStore":"test"}""");

        var failure = await Assert.ThrowsAsync<DewyException>(() => LookUpAsync("ghcr.io/a"));

        Assert.Equal((ErrorCode.RegistryUnauthorized, "docker-credential-test"), (failure.Code, failure.Target));
        Assert.Contains(how, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not-installed")]
    [InlineData("../../../bin/sh")]
    public async Task Find_HelperThatIsNotThere_SaysSo(string name)
    {
        WriteDockerConfig($$"""{"credsStore":"{{name}}"}""");

        var failure = await Assert.ThrowsAsync<DewyException>(() => LookUpAsync("ghcr.io/a"));

        Assert.Equal(ErrorCode.RegistryUnauthorized, failure.Code);
        Assert.Contains("credsStore", failure.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_HelperThatHangs_IsEnded()
    {
        var note = Path.Combine(Home, "pid");
        WriteHelper("test", $"echo $$ > '{note}.new'; mv '{note}.new' '{note}'; sleep 1000");
        WriteDockerConfig("""{"credsStore":"test"}""");
        var finding = LookUpAsync("ghcr.io/a");
        await Eventually.IsTrueAsync(() => File.Exists(note), "the helper runs");

        await Eventually.IsTrueAsync(
            () =>
            {
                Time.Advance(CredentialHelper.Timeout);
                return finding.IsCompleted;
            },
            "it gives up");

        Assert.Contains("took longer than 30 s", (await Assert.ThrowsAsync<DewyException>(() => finding)).Message, StringComparison.Ordinal);
        var processId = int.Parse(await File.ReadAllTextAsync(note, Token), System.Globalization.CultureInfo.InvariantCulture);
        await Eventually.IsTrueAsync(() => !Directory.Exists($"/proc/{processId}"), "the helper is gone");
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private void WriteHelper(string name, string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A script of sh.");
        var bin = Path.Combine(Home, "bin");
        var path = Path.Combine(bin, $"docker-credential-{name}");
        WriteFile(path, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Environment["PATH"] = $"{bin}:{Environment["PATH"]}";
    }

    private async Task<string?> LookUpAsync(string image) =>
        await FindCredentialAsync(image) is { } found ? $"{found.User}/{found.Secret}" : null;

    private Task<RegistryCredential?> FindCredentialAsync(string image) =>
        new RegistryCredentials(Services).FindAsync(ImageRepository.From(RegistryAddress.Parse($"img://{image}")), Token);
}
