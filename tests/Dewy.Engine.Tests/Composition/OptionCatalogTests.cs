using Dewy.Engine.Composition;
using Dewy.Engine.Composition.Definitions;
using Xunit;

namespace Dewy.Engine.Tests.Composition;

public sealed class OptionCatalogTests
{
    /// <summary>For every option a value that differs from its default. A new option needs one here.</summary>
    internal static readonly Dictionary<string, string> OtherValues = new(StringComparer.Ordinal)
    {
        ["registry"] = "file:///srv/releases/other",
        ["slot"] = "blue",
        ["calver"] = "YYYY.0M.MICRO",
        ["root"] = "/srv/other",
        ["name"] = "other",
        ["interval"] = "11s",
        ["grace-period"] = "31m",
        ["min-age"] = "1h",
        ["window"] = "Mon-Fri 09:00-17:00",
        ["no-downgrade"] = "true",
        ["cache"] = "file:///var/cache/other",
        ["verify-checksum"] = "required",
        ["verify-key"] = typeof(OptionCatalogTests).Assembly.Location,
        ["max-artifact-size"] = "5GiB",
        ["shared"] = "log/",
        ["keep-releases"] = "8",
        ["before-deploy-hook"] = "true",
        ["after-deploy-hook"] = "true",
        ["hook-timeout"] = "11m",
        ["on-hook-failure"] = "abort",
        ["pass-env"] = "GH_TOKEN",
        ["no-report"] = "true",
        ["port"] = "8000",
        ["health-path"] = "/health",
        ["health-timeout"] = "31s",
        ["watch-time"] = "61s",
        ["no-rollback"] = "true",
        ["start-wait"] = "2s",
        ["kill-old-delay"] = "1s",
        ["stop-signal"] = "QUIT",
        ["stop-timeout"] = "31s",
        ["overlap"] = "true",
        ["log-dir"] = "/var/log/other",
        ["on-exit"] = "leave",
        ["replicas"] = "2",
        ["max-surge"] = "2",
        ["drain-time"] = "31s",
        ["proxy-idle-timeout"] = "0",
        ["balance"] = "random",
        ["hold"] = "1s",
        ["tcp"] = "9000",
        ["tls-cert"] = typeof(OptionCatalogTests).Assembly.Location,
        ["tls-key"] = typeof(OptionCatalogTests).Assembly.Location,
        ["container-port"] = "8080",
        ["runtime"] = "podman",
        ["cmd"] = "serve",
        ["keep-images"] = "8",
        ["allow-unsafe"] = "true",
        ["run-options"] = "--init",
        ["telemetry"] = "true",
        ["otlp-endpoint"] = "collector:4317",
        ["otlp-insecure"] = "true",
        ["notifier"] = "slack://deployments",
        ["log-level"] = "debug",
        ["log-format"] = "json",
        ["log-file"] = "/var/log/other.log",
        ["admin-port"] = "18000",
    };

    /// <summary>Options that steer how others are read, or whose only value is the default.</summary>
    private static readonly string[] WithoutDestination = ["mode", "command", "config", "handoff"];

    public static TheoryData<string> WithDestination => [.. OptionCatalog.All.Select(definition => definition.Name).Except(WithoutDestination, StringComparer.Ordinal)];

    public static TheoryData<string> WithWrittenDefault =>
        [.. OptionCatalog.All.Where(definition => definition.Default is not null && definition.Name is not ("root" or "name" or "cache" or "window" or "max-surge" or "container-port")).Select(definition => definition.Name)];

    [Theory]
    [MemberData(nameof(WithDestination))]
    public void Bind_AnotherValue_ChangesTheOptions(string name)
    {
        var otherwise = name switch
        {
            "health-path" => Plain().Add("port", "8000"),
            "otlp-insecure" => Plain().Add("otlp-endpoint", "collector:4317"),
            "tls-key" => Behind(name).Add("tls-cert", OtherValues["tls-cert"]),
            _ => Behind(name),
        };

        Assert.NotEqual(Bind(otherwise), Bind(Plain().Add(name, OtherValues[name]).FillFrom(otherwise)), StringComparer.Ordinal);
    }

    [Theory]
    [MemberData(nameof(WithWrittenDefault))]
    public void Bind_TheDefaultInHelp_IsTheDefault(string name)
    {
        var without = name switch
        {
            "handoff" => Plain().Add("port", "8000"),
            "otlp-insecure" => Plain().Add("otlp-endpoint", "collector:4317"),
            _ => Behind(name),
        };
        OptionCatalog.TryGet(name, out var definition);

        Assert.Equal(Bind(without), Bind(new OptionSet().FillFrom(without).Add(name, definition!.Default!)), StringComparer.Ordinal); // the theory's data: it is there
    }

    [Fact]
    public void All_Names_AreUnique()
    {
        Assert.Distinct(OptionCatalog.All.Select(definition => definition.Name), StringComparer.Ordinal);
        Assert.Distinct(OptionCatalog.All.Where(definition => definition.ShortName is not null).Select(definition => definition.ShortName));
    }

    [Fact]
    public void All_Help_IsOneSentenceOrMoreAndNamesItsValue() => Assert.All(OptionCatalog.All, definition =>
    {
        Assert.EndsWith(".", definition.Help, StringComparison.Ordinal);
        Assert.Equal(definition.Kind == OptionKind.Switch, definition.ValueName.Length == 0);
    });

    [Fact]
    public void EnvironmentName_Flag_IsInCapitals()
    {
        Assert.True(OptionCatalog.TryGet("before-deploy-hook", out var definition));
        Assert.Equal("DEWY_BEFORE_DEPLOY_HOOK", definition.EnvironmentName);
    }

    /// <summary>What is compared is text: lists in records compare by reference.</summary>
    private static string Bind(OptionSet options)
    {
        var given = options.Contains("mode") ? options : new OptionSet().Add("mode", "server").Add("command", "./current/app").FillFrom(options);
        if (!given.Contains("registry"))
            given.Add("registry", "file:///srv/releases/app");
        return System.Text.Json.JsonSerializer.Serialize(ApplicationOptionsBinder.Bind(given, Path.GetTempPath(), new Dictionary<string, string>(StringComparer.Ordinal)));
    }

    private static OptionSet Plain() => new();

    /// <summary>What an option needs beside it to mean anything.</summary>
    private static OptionSet Behind(string name) =>
        ContainerDefinitions.All.Any(definition => definition.Name == name) ? new OptionSet().Add("mode", "container").Add("registry", "img://ghcr.io/acme/app")
        : ProxyDefinitions.All.Any(definition => definition.Name == name) ? new OptionSet().Add("port", "8000").Add("handoff", "proxy")
        : new OptionSet();
}
