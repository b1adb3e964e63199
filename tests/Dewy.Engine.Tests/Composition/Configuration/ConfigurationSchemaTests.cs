using System.Text.Json;
using System.Text.Json.Nodes;
using Dewy.Engine.Composition;
using Dewy.Engine.Composition.Configuration.Schema;
using Dewy.Tests;
using Json.Schema;
using Xunit;

namespace Dewy.Engine.Tests.Composition.Configuration;

/// <summary>The published schema is the catalogue's, and says of a file what the reader says of it.</summary>
public sealed class ConfigurationSchemaTests : IDisposable
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(ConfigurationSchema.Text);

    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string, string> Good => new([.. OptionCatalogTests.OtherValues.SelectMany(pair => Written(pair.Key, pair.Value))]);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Text_PublishedFile_IsTheSame()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "defaults differ there");
        var published = Path.Combine(Repository.Root, "module", "dewy.schema.json");

        Assert.True(File.Exists(published) && File.ReadAllText(published) == ConfigurationSchema.Text, $"Write it anew: dewy check --schema > {published}");
    }

    [Fact]
    public void Text_IsASchemaOfItsDialect() =>
        Assert.True(MetaSchemas.Draft202012.Evaluate(JsonDocument.Parse(ConfigurationSchema.Text).RootElement).IsValid);

    /// <summary>Every option with a value that is not its default, as JSON has it and as text.</summary>
    [Theory]
    [MemberData(nameof(Good))]
    public void Evaluate_EveryOption_IsValidForBoth(string option, string json)
    {
        var content = With(option, json);

        Assert.Equal((true, null), (Fits(content), Fails(content)));
    }

    [Theory]
    [InlineData("interval", "\"1h30m\"", true)]
    [InlineData("interval", "\"1.5m\"", true)]
    [InlineData("interval", "30", true)]
    [InlineData("interval", "\" 30 \"", true)]
    [InlineData("interval", "0", false)]
    [InlineData("interval", "\"\"", false)]
    [InlineData("interval", "\"1x\"", false)]
    [InlineData("interval", "\"1h30\"", false)]
    [InlineData("interval", "\"30m1h\"", false)]
    [InlineData("interval", "\"-5\"", false)]
    [InlineData("interval", "true", false)]
    [InlineData("interval", "[30]", false)]
    [InlineData("interval", "null", false)]
    [InlineData("interval", "\"${env:SECONDS}\"", true)]
    [InlineData("min-age", "\"500ms\"", true)]
    [InlineData("min-age", "\"2d3h4m5s6ms\"", true)]
    [InlineData("keep-releases", "0", false)]
    [InlineData("keep-releases", "1001", false)]
    [InlineData("keep-releases", "\"5\"", true)]
    [InlineData("keep-releases", "2.5", false)]
    [InlineData("keep-releases", "\"many\"", false)]
    [InlineData("max-artifact-size", "\"500 MB\"", true)]
    [InlineData("max-artifact-size", "\"4gib\"", true)]
    [InlineData("max-artifact-size", "1000", true)]
    [InlineData("max-artifact-size", "0", false)]
    [InlineData("max-artifact-size", "\"4G\"", false)]
    [InlineData("max-artifact-size", "\"4PB\"", false)]
    [InlineData("no-report", "false", true)]
    [InlineData("no-report", "\"perhaps\"", false)]
    [InlineData("no-report", "2", false)]
    [InlineData("verify-checksum", "\"maybe\"", false)]
    [InlineData("verify-checksum", "\"${env:POLICY}\"", true)]
    [InlineData("port", "[8000, \"8100-8103\", \"127.0.0.1:9000\"]", true)]
    [InlineData("port", "\"/run/app.sock\"", true)]
    [InlineData("port", "70000", false)]
    [InlineData("port", "[{}]", false)]
    [InlineData("port", "[[80]]", false)]
    [InlineData("shared", "[\"log/\", \"config/app.json\"]", true)]
    [InlineData("shared", "[\" \"]", false)]
    [InlineData("slot", "\"\"", false)]
    [InlineData("slot", "{}", false)]
    [InlineData("cache", "\"\"", true)]
    [InlineData("after-deploy-hook", "\"echo ${DEWY_TAG} $${env:X}\"", true)]
    [InlineData("environment", "{\"A\": \"1\", \"B\": \"${env:SECONDS}\"}", true)]
    [InlineData("environment", "{\"DEWY_PORT\": \"80\"}", false)]
    [InlineData("environment", "{\"A=B\": \"80\"}", false)]
    [InlineData("environment", "{\"A\": 80}", false)]
    [InlineData("environment", "[]", false)]
    [InlineData("$schema", "\"dewy.schema.json\"", true)]
    [InlineData("$schema", "1", false)]
    [InlineData("intervall", "30", false)]
    [InlineData("config", "\"other.json\"", false)]
    [InlineData("container-port", "70000", false)]
    [InlineData("applications", "{}", false)]
    public void Evaluate_Value_IsJudgedAlike(string option, string json, bool good)
    {
        var content = With(option, json);

        Assert.Equal((good, good), (Fits(content), Fails(content) is null));
    }

    [Theory]
    [InlineData("""{"applications": {"web": {"registry": "file:///w", "root": "/w"}, "site": {"registry": "file:///s", "root": "/s"}}}""", true)]
    [InlineData("""{"interval": 30, "replicas": 3, "environment": {"A": "1"}, "applications": {"web": {"mode": "assets", "registry": "file:///w", "root": "/w", "environment": {"B": "1"}}}}""", true)]
    [InlineData("""{"applications": {"web": {"mode": "assets", "registry": "file:///w", "port": 80}}}""", false)]
    [InlineData("""{"applications": {"web": {"registry": "file:///w", "name": "x"}}}""", false)]
    [InlineData("""{"applications": {"web": {"registry": "file:///w", "applications": {}}}}""", false)]
    [InlineData("""{"applications": {"web": {"registry": "file:///w", "$schema": "x"}}}""", false)]
    [InlineData("""{"applications": {"../web": {"registry": "file:///w"}}}""", false)]
    [InlineData("""{"applications": {"web": "file:///w"}}""", false)]
    [InlineData("""{"applications": []}""", false)]
    [InlineData("""{"name": "x", "applications": {"web": {"registry": "file:///w"}}}""", false)]
    [InlineData("""{"mode": "assets", "registry": "file:///w", "port": 80}""", false)]
    [InlineData("""{"mode": "server", "command": "x", "registry": "file:///w", "container-port": 80}""", false)]
    [InlineData("""[]""", false)]
    public void Evaluate_File_IsJudgedAlike(string content, bool good) => Assert.Equal((good, good), (Fits(content), Fails(content) is null));

    private static IEnumerable<(string, string)> Written(string option, string value)
    {
        yield return (option, JsonSerializer.Serialize(value));
        var definition = OptionCatalog.All.Single(known => known.Name == option);
        if (int.TryParse(value, out _) || definition.Kind == OptionKind.Switch)
            yield return (option, value);
        if (definition.Repeatable)
            yield return (option, $"[{JsonSerializer.Serialize(value)}]");
    }

    /// <summary>A file in which nothing is wrong but, perhaps, this.</summary>
    private static string With(string option, string json)
    {
        var isContainers = OptionCatalog.TryGet(option, out var definition) && definition.Modes is [DeploymentMode.Container];
        var file = isContainers
            ? new JsonObject { ["mode"] = "container", ["registry"] = "img://ghcr.io/acme/app" }
            : new JsonObject { ["mode"] = "server", ["registry"] = "file:///srv/releases/app", ["command"] = new JsonArray("./current/app", "") };
        if (!isContainers && option is "replicas" or "max-surge" or "drain-time" or "proxy-idle-timeout" or "balance" or "hold" or "tcp" or "tls-cert" or "tls-key")
            (file["port"], file["handoff"]) = (8000, "proxy");
        if (option is "tls-key")
            file["tls-cert"] = OptionCatalogTests.OtherValues["tls-cert"];
        if (option is "health-path" or "handoff")
            file["port"] = 8000;
        if (option is "otlp-insecure")
            file["otlp-endpoint"] = "collector:4317";
        file[option] = JsonNode.Parse(json);
        return file.ToJsonString();
    }

    private static bool Fits(string content) => Schema.Evaluate(JsonDocument.Parse(content).RootElement).IsValid;

    /// <summary>What the reader and the binder have against it; null for nothing.</summary>
    private string? Fails(string content)
    {
        File.WriteAllText(_directory.Combine("dewy.json"), content);
        try
        {
            var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["SECONDS"] = "30", ["POLICY"] = "off" };
            _ = ApplicationOptionsBinder.BindEach(new OptionSet().Add("config", "dewy.json"), [], _directory.Path, environment);
            return null;
        }
        catch (DewyException exception)
        {
            return exception.Message;
        }
    }
}
