using Dewy.Engine.Composition;
using Dewy.Engine.Composition.Configuration;
using Dewy.Engine.Diagnostics;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Composition.Configuration;

public sealed class FileReferencesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal) { ["OPS_SLACK"] = "xoxb-secret", ["EMPTY"] = "" };

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("${env:OPS_SLACK}", "xoxb-secret")]
    [InlineData("a ${env:OPS_SLACK} b ${env:EMPTY}${env:OPS_SLACK}", "a xoxb-secret b xoxb-secret")]
    [InlineData("$${env:OPS_SLACK}", "${env:OPS_SLACK}")]
    [InlineData("$$${env:OPS_SLACK}", "$${env:OPS_SLACK}")]
    [InlineData("echo ${DEWY_TAG} ${DEWY_TAG:-none} ${tag:-none} ${tag:0:3} ${tag:?no tag} $$ $1", "echo ${DEWY_TAG} ${DEWY_TAG:-none} ${tag:-none} ${tag:0:3} ${tag:?no tag} $$ $1")]
    public void Complete_Value_HasItsReferencesFollowed(string written, string read) => Assert.Equal([read], Complete(written).Values("after-deploy-hook"));

    [Theory]
    [InlineData("secret", "secret")]
    [InlineData("secret\n", "secret")]
    [InlineData("secret\r\n", "secret")]
    [InlineData("two\nlines\n\n", "two\nlines\n")]
    [InlineData("", "")]
    public void Complete_File_IsReadWithoutTheEndOfItsLastLine(string content, string read)
    {
        File.WriteAllText(_directory.Combine("secret"), content);

        Assert.Equal([read], Complete("${file:secret}").Values("after-deploy-hook"));
        Assert.Equal([read], Complete($"${{file:{_directory.Combine("secret")}}}").Values("after-deploy-hook"));
    }

    [Theory]
    [InlineData("${env:NO_SUCH}", "the environment variable NO_SUCH is not set.")]
    [InlineData("${env:OPS_SLACK", "the reference ${env:… has no closing brace")]
    [InlineData("${file:}", "cannot be read")]
    [InlineData("${file:no/such}", "cannot be read")]
    [InlineData("${evn:OPS_SLACK}", "there is no reference of the kind 'evn'. Did you mean env?")]
    [InlineData("${vault:secret/app}", "there is no reference of the kind 'vault'.")]
    public void Complete_ReferenceToNothing_IsToldWithItsPlace(string written, string expected)
    {
        var failure = Assert.Throws<DewyException>(() => Complete(written));

        Assert.Equal(ErrorCode.InvalidConfiguration, failure.Code);
        Assert.Contains($"{_directory.Combine("dewy.json")}(1,23): ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Complete_LargeOrBinaryFile_IsRefused()
    {
        File.WriteAllText(_directory.Combine("large"), new string('x', FileReferences.MaxFileSize + 1));
        File.WriteAllBytes(_directory.Combine("binary"), [0xff, 0xfe, 0xfd]);
        File.WriteAllBytes(_directory.Combine("zeros"), [65, 0, 65]);

        Assert.Contains("is larger than 64 KiB", Assert.Throws<DewyException>(() => Complete("${file:large}")).Message, StringComparison.Ordinal);
        Assert.Contains("is no text", Assert.Throws<DewyException>(() => Complete("${file:binary}")).Message, StringComparison.Ordinal);
        Assert.Contains("is no text", Assert.Throws<DewyException>(() => Complete("${file:zeros}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Complete_ListAndVariable_HaveTheirReferencesFollowed()
    {
        var options = Read("""{"notifier": ["slack://a", "webhooks://hooks.example.com/${env:OPS_SLACK}"], "environment": {"SLACK_TOKEN": "${env:OPS_SLACK}"}}""");

        Assert.Equal(["slack://a", "webhooks://hooks.example.com/xoxb-secret"], options.Values("notifier"));
        Assert.Equal("xoxb-secret", options.Variables["SLACK_TOKEN"]);
    }

    [Fact]
    public void Complete_WhatWasFound_IsKnownToTheRedactor()
    {
        var redactor = new SecretRedactor();

        redactor.Learn(Complete("curl -H ${env:OPS_SLACK}"));

        Assert.Equal("curl -H ***", redactor.Redact("curl -H xoxb-secret"));
    }

    [Fact]
    public void Complete_PathsAndNumbers_AreNoSecrets()
    {
        _environment["BASE"] = "/srv/base";
        _environment["PORT"] = "8000";

        var options = Read("""{"root": "${env:BASE}/app", "port": "${env:PORT}"}""");

        Assert.Equal(["/srv/base/app"], options.Values("root"));
        Assert.Empty(options.Secrets);
    }

    [Fact]
    public void Bind_WrongValueFromElsewhere_IsNotShown()
    {
        var failure = Assert.Throws<DewyException>(() => ApplicationOptionsBinder.Bind(Write("""{"registry": "file:///x", "stop-signal": "${env:OPS_SLACK}", "command": "x"}"""), _directory.Path, _environment));

        Assert.DoesNotContain("xoxb-secret", failure.Message, StringComparison.Ordinal);
        Assert.Contains("'***' is not one of", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BindRoot_OtherReferencesLeadNowhere_IsNoMatter() =>
        Assert.Equal("/srv/app", ApplicationOptionsBinder.BindRoot(Write("""{"root": "/srv/app", "slot": "${file:/no/such}", "environment": {"A": "${env:NO_SUCH}"}}"""), _directory.Path, _environment));

    private OptionSet Complete(string hook) => Read($$"""{"after-deploy-hook": {{System.Text.Json.JsonSerializer.Serialize(hook)}}}""");

    private OptionSet Read(string content) => OptionSources.Complete(Write(content), _directory.Path, _environment);

    private OptionSet Write(string content)
    {
        File.WriteAllText(_directory.Combine("dewy.json"), content);
        return new OptionSet().Add("config", "dewy.json");
    }
}
