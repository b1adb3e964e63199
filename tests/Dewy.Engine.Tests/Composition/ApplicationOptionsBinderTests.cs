using Dewy.Engine.Composition;
using Dewy.Engine.Processes;
using Dewy.Engine.Proxy;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Composition;

public sealed class ApplicationOptionsBinderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Bind_FlagEnvironmentAndFile_FlagWins()
    {
        WriteFile("""{"interval": 30}""");
        _environment["DEWY_INTERVAL"] = "20";

        Assert.Equal(TimeSpan.FromSeconds(10), Bind(Assets().Add("interval", "10")).Agent.Interval);
    }

    [Fact]
    public void Bind_EnvironmentAndFile_EnvironmentWins()
    {
        WriteFile("""{"interval": 30, "keep-releases": 3}""");
        _environment["DEWY_INTERVAL"] = "20";

        var bound = Bind(Assets());

        Assert.Equal(TimeSpan.FromSeconds(20), bound.Agent.Interval);
        Assert.Equal(3, bound.Deployment.KeepReleases);
    }

    [Fact]
    public void Bind_EmptyVariable_SetsNothing()
    {
        _environment["DEWY_INTERVAL"] = " ";

        Assert.Equal(TimeSpan.FromSeconds(10), Bind(Assets()).Agent.Interval);
    }

    [Fact]
    public void Bind_ListInVariable_IsSplitAtSemicolons()
    {
        _environment["DEWY_WINDOW"] = "Sat,Sun 22:00-04:00; Mon 09:00-17:00";

        Assert.Equal(["Sat,Sun 22:00-04:00", "Mon 09:00-17:00"], Bind(Assets()).Agent.Windows.Select(window => window.Text), StringComparer.Ordinal);
    }

    [Fact]
    public void Bind_CacheVariableOfTheGoProgram_IsUnderstood()
    {
        _environment["DEWY_CACHEDIR"] = _directory.Combine("cache");

        Assert.Equal(_directory.Combine("cache"), Bind(Assets()).Artifacts.CacheDirectory);
    }

    [Fact]
    public void Bind_WrongValues_AreToldAtOnceAsTheyWereSpelled()
    {
        WriteFile("{\n\"keep-releases\": 0\n}");
        _environment["DEWY_HOOK_TIMEOUT"] = "soon";

        var failure = Fails(Assets().Add("interval", "1x", "-i").Add("verify-checksum", "maybe", "-VerifyChecksum"));

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
        Assert.Contains("-i: '1x' is not a duration", failure.Message, StringComparison.Ordinal);
        Assert.Contains("-VerifyChecksum: 'maybe' is not one of auto, required, off.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("DEWY_HOOK_TIMEOUT: 'soon'", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"{_directory.Combine("dewy.json")}(2,1): \"keep-releases\": 0 is outside 1 to 1000.", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("interval", "0", "outside 1s to 24h0m0s")]
    [InlineData("keep-releases", "1001", "outside 1 to 1000")]
    [InlineData("keep-releases", "many", "is not a whole number")]
    [InlineData("max-artifact-size", "0", "less than 1")]
    [InlineData("window", "whenever", "is not a window")]
    [InlineData("shared", "../x", "is not a path inside a release")]
    [InlineData("shared", "/etc", "is not a path inside a release")]
    [InlineData("shared", "", "a value is missing")]
    [InlineData("no-report", "perhaps", "neither true nor false")]
    [InlineData("cache", "ftp://eu/bucket", "is neither a directory")]
    [InlineData("verify-key", "/no/such/key.pub", "there is no file /no/such/key.pub")]
    [InlineData("pass-env", "GH_TOKEN=abc", "only the variable's name is wanted")]
    [InlineData("root", "", "a value is missing")]
    [InlineData("calver", "nonsense", "--calver")]
    [InlineData("log-level", "loud", "is not one of debug, info, warn, error")]
    public void Bind_ValueOutOfRange_SaysWhatIsRight(string name, string value, string expected) =>
        Assert.Contains(expected, Fails(Assets().Add(name, value)).Message, StringComparison.Ordinal);

    [Fact]
    public void Bind_ValueWithSecret_IsNotRepeated() =>
        Assert.DoesNotContain("abc", Fails(Assets().Add("pass-env", "GH_TOKEN=abc")).Message, StringComparison.Ordinal);

    [Fact]
    public void Bind_OptionGivenTwice_IsRefused() =>
        Assert.Equal("-i: given more than once.", Fails(Assets().Add("interval", "1", "-i").Add("interval", "2", "-i")).Message);

    [Fact]
    public void Bind_UnknownOption_IsRefusedWithSuggestion() =>
        Assert.Equal("-Interwal: there is no such option. Did you mean --interval?", Fails(Assets().Add("interwal", "1", "-Interwal")).Message);

    [Fact]
    public void Bind_OptionOfAnotherMode_IsRefused() =>
        Assert.Equal("--port: means nothing in assets mode, only in server and container mode.", Fails(Assets().Add("port", "8000")).Message);

    [Fact]
    public void Bind_VariableOfAnotherMode_IsPassedOver()
    {
        _environment["DEWY_PORT"] = "8000";

        Assert.Null(Bind(Assets()).Server);
    }

    [Theory]
    [InlineData("DEWY_HEALTH_PATH", "/health")]
    [InlineData("DEWY_REPLICAS", "3")]
    [InlineData("DEWY_OTLP_INSECURE", "true")]
    public void Bind_VariableThatMeansNothingHere_IsPassedOverAndSaidSo(string name, string value)
    {
        _environment[name] = value;

        Assert.Equal([name], Bind(Server()).PassedOver);
    }

    [Fact]
    public void Bind_UnknownKeyAndWrongValues_AreToldAtOnce()
    {
        WriteFile("{\n\"intervall\": 5,\n\"keep-releases\": 0,\n\"slot\": \"${env:NO_SUCH}\"\n}");

        var failure = Fails(Assets().Add("min-age", "soon"));

        Assert.Equal(ErrorCode.InvalidConfiguration, failure.Code);
        var file = _directory.Combine("dewy.json");
        foreach (var expected in (string[])[$"{file}(2,1): \"intervall\" is not an option.", $"{file}(3,1): \"keep-releases\": 0 is outside", $"{file}(4,9): the environment variable NO_SUCH is not set.", "--min-age: 'soon' is not a duration"])
            Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bind_NoRegistry_IsRefused() =>
        Assert.Contains("DEWY_REGISTRY", Fails(new OptionSet()).Message, StringComparison.Ordinal);

    [Fact]
    public void Bind_NoRegistryNeeded_HasNone() =>
        Assert.Equal("none", ApplicationOptionsBinder.Bind(new OptionSet(), _directory.Path, _environment, registryRequired: false).Registry.Scheme);

    [Fact]
    public void Bind_Program_MeansServer()
    {
        var bound = Bind(Plain().Add("command", "./current/app").Add("command", ""));

        Assert.Equal(DeploymentMode.Server, bound.Mode);
        Assert.Equal(["./current/app", ""], bound.Server?.Command);
    }

    [Fact]
    public void Bind_NoProgram_MeansAssets() => Assert.Equal(DeploymentMode.Assets, Bind(Plain()).Mode);

    [Theory]
    [InlineData("mode", "container")]
    [InlineData("registry", "img://ghcr.io/linyows/myapp")]
    public void Bind_Container_ListensOnPort8000(string name, string value)
    {
        var bound = Bind(new OptionSet().Add(name, value).FillFrom(new OptionSet().Add("registry", "img://ghcr.io/acme/app")));

        Assert.Equal(DeploymentMode.Container, bound.Mode);
        Assert.Equal([new PortMapping(ListenAddress.ParseAll(["8000"])[0], Target: null, IsTcp: false)], bound.Proxy!.Ports); // container mode has one
    }

    [Theory]
    [InlineData("8000", "8000", null)]
    [InlineData("8000:8080", "8000", 8080)]
    [InlineData("127.0.0.1:8000", "127.0.0.1:8000", null)]
    [InlineData("127.0.0.1:8000:8080", "127.0.0.1:8000", 8080)]
    [InlineData("[::1]:8000", "[::1]:8000", null)]
    [InlineData("[::1]:8000:8080", "[::1]:8000", 8080)]
    public void Bind_ContainerPort_MayNameThePortInside(string text, string listen, int? target)
    {
        var port = Assert.Single(Bind(Container().Add("port", text)).Proxy!.Ports); // container mode has one

        Assert.Equal((listen, target), (port.Listen.Spec, port.Target));
    }

    [Theory]
    [InlineData("port", "8000-8003:80", "maps several ports to one")]
    [InlineData("port", "8000:0", "is not a port")]
    [InlineData("cache", "file:///x", "means nothing in container mode")]
    [InlineData("registry", "file:///srv/releases", "container mode needs a registry of images")]
    public void Bind_ContainerNonsense_IsRefused(string name, string value, string expected) =>
        Assert.Contains(expected, Fails(new OptionSet().Add("mode", "container").Add(name, value).FillFrom(Container())).Message, StringComparison.Ordinal);

    [Fact]
    public void Bind_ServerWithoutProgram_IsRefused() =>
        Assert.Contains("needs the program to run", Fails(Plain().Add("mode", "server")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("health-path", "/health", "--health-path: needs a --port.")]
    [InlineData("handoff", "socket", "--handoff: needs a --port.")]
    [InlineData("health-path", "health", "does not begin with a slash")]
    public void Bind_NeedsPort_IsRefusedWithoutOne(string name, string value, string expected) =>
        Assert.Contains(expected, Fails(Server().Add(name, value)).Message, StringComparison.Ordinal);

    [Fact]
    public void Bind_OverlapWithPorts_IsRefused() =>
        Assert.Contains("--overlap: is for programs without ports", Fails(Server().Add("port", "8000").Add("overlap", "true")).Message, StringComparison.Ordinal);

    [Fact]
    public void Bind_HandoffProxy_GivesThePortsToTheProxy()
    {
        var bound = Bind(Server().Add("port", "8000").Add("tcp", "9000").Add("handoff", "proxy").Add("replicas", "3"));

        Assert.Empty(bound.Server!.Listen); // server mode has one
        Assert.Equal([("8000", false), ("9000", true)], bound.Proxy!.Ports.Select(port => (port.Listen.Spec, port.IsTcp))); // and this has the proxy
        Assert.Equal(3, bound.Replicas?.Count);
    }

    [Theory]
    [InlineData("replicas", "3", "needs --handoff proxy")]
    [InlineData("tcp", "9000", "needs --handoff proxy")]
    public void Bind_ProxyOptionWithoutProxy_IsRefused(string name, string value, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the proxy is the default there");

        Assert.Contains(expected, Fails(Server().Add("port", "8000").Add(name, value)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bind_PortsAsListsAndRanges_AreAllHeard()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sockets are not handed over on Windows");

        Assert.Equal([8000, 8100, 8101, 9000], Bind(Server().Add("port", "8000,8100-8101").Add("port", "9000")).Server?.Listen.Select(address => address.Port));
    }

    [Fact]
    public void Bind_BadPort_NamesTheOption() =>
        Assert.StartsWith("-p: ", Fails(Server().Add("port", "80000", "-p")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("TERM", 15)]
    [InlineData("sigquit", 3)]
    [InlineData("2", 2)]
    public void Bind_StopSignal_IsReadByNameOrNumber(string text, int number) =>
        Assert.Equal(number, Bind(Server().Add("stop-signal", text)).Server?.StopSignal);

    [Theory]
    [InlineData("KILL")]
    [InlineData("99")]
    public void Bind_StopSignalThatCannotAsk_IsRefused(string text) =>
        Assert.Contains("is not one of HUP, INT", Fails(Server().Add("stop-signal", text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Bind_RelativePaths_AreMeantFromTheBaseDirectory()
    {
        var bound = Bind(Assets().Add("root", "app").Add("log-file", "log/dewy.log").Add("cache", "file://./cache"));

        Assert.Equal(_directory.Combine("app"), bound.Deployment.Root);
        Assert.Equal(_directory.Combine("log", "dewy.log"), bound.Log.File);
        Assert.Equal(_directory.Combine("cache"), bound.Artifacts.CacheDirectory);
    }

    [Fact]
    public void Bind_NoRoot_IsTheBaseDirectory() => Assert.Equal(_directory.Path, Bind(Assets()).Deployment.Root);

    [Fact]
    public void Bind_NoName_IsTheLastWordOfTheRegistry() => Assert.Equal("myapp", Bind(Assets()).Name);

    [Fact]
    public void Bind_CriteriaInUrlAndFlag_FlagWins()
    {
        var bound = Bind(new OptionSet().Add("registry", "file:///srv/releases/myapp?calver=YYYY.MM.MICRO&pre-release=true&artifact=*.zip").Add("calver", "YY.MICRO").Add("slot", "blue"));

        Assert.Equal("YY.MICRO", bound.Criteria.CalVer);
        Assert.Equal("blue", bound.Criteria.Slot);
        Assert.True(bound.Criteria.PreRelease);
        Assert.Equal("*.zip", bound.Criteria.Artifact);
    }

    [Fact]
    public void Bind_BadRegistry_NamesTheOptionAndWhatIsValid()
    {
        var failure = Fails(new OptionSet().Add("registry", "ftp://x/y", "DEWY_REGISTRY"));

        Assert.StartsWith("DEWY_REGISTRY: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("file://", failure.Message, StringComparison.Ordinal);
        Assert.NotNull(failure.NextStep);
    }

    [Theory]
    [InlineData("assets")]
    [InlineData("server")]
    public void Bind_ImagesWhereFilesAreNeeded_IsRefused(string mode)
    {
        var failure = Fails(new OptionSet().Add("registry", "img://ghcr.io/acme/app", "--registry").Add("mode", mode));

        Assert.Contains("--registry: holds images", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BindRoot_OtherOptionsWrong_ReadsTheRoot() =>
        Assert.Equal(_directory.Combine("app"), ApplicationOptionsBinder.BindRoot(new OptionSet().Add("root", "app").Add("interval", "nonsense"), _directory.Path, _environment));

    private OptionSet Plain() => new OptionSet().Add("registry", "file:///srv/releases/myapp");

    private OptionSet Assets() => Plain().Add("mode", "assets");

    private OptionSet Server() => Plain().Add("mode", "server").Add("command", "./current/app");

    private ApplicationOptions Bind(OptionSet options) => ApplicationOptionsBinder.Bind(options, _directory.Path, _environment);

    private DewyException Fails(OptionSet options) => Assert.Throws<DewyException>(() => Bind(options));

    private void WriteFile(string content)
    {
        File.WriteAllText(_directory.Combine("dewy.json"), content);
        _environment["DEWY_CONFIG"] = "dewy.json";
    }

    private static OptionSet Container() => new OptionSet().Add("mode", "container").Add("registry", "img://ghcr.io/acme/app");
}
