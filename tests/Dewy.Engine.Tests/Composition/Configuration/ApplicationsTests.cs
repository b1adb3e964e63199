using Dewy.Engine.Composition;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Composition.Configuration;

/// <summary>Several applications in one file.</summary>
public sealed class ApplicationsTests : IDisposable
{
    private const string Two = """
        {
          "interval": "30s", "health-path": "/health", "replicas": 3, "drain-time": "5s",
          "environment": {"GH_TOKEN": "common", "AWS_PROFILE": "ops"},
          "applications": {
            "web": {
              "mode": "server", "registry": "file:///srv/releases/web", "root": "/srv/web", "port": 8000, "command": ["./current/web", ""],
              "environment": {"GH_TOKEN": "of web"}
            },
            "site": {"registry": "file:///srv/releases/site", "root": "/srv/site", "interval": "5m"}
          }
        }
        """;

    private readonly TemporaryDirectory _directory = new();
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);

    private string FilePath => _directory.Combine("dewy.json");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void BindEach_TwoApplications_HaveTheirOptionsAndTheDefaults()
    {
        var both = BindEach(Two);

        Assert.Equal([("web", DeploymentMode.Server, "/srv/web", 30), ("site", DeploymentMode.Assets, "/srv/site", 300)],
            both.Select(one => (one.Options.Name, one.Options.Mode, one.Options.Deployment.Root, (int)one.Options.Agent.Interval.TotalSeconds)));
        Assert.Equal(["./current/web", ""], both[0].Options.Server?.Command);
        Assert.Equal("/health", both[0].Options.Server?.HealthPath);
    }

    [Fact]
    public void BindEach_Variables_AreTheApplicationsBeforeThoseOfAll()
    {
        var both = BindEach(Two);

        Assert.Equal(["of web", "common"], both.Select(one => one.Options.Variables["GH_TOKEN"]));
        Assert.All(both, one => Assert.Equal("ops", one.Options.Variables["AWS_PROFILE"]));
    }

    [Fact]
    public void BindEach_DefaultsThatMeanNothingToOne_ArePassedOver()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the proxy is the default there");

        var both = BindEach(Two);

        Assert.Contains($"{FilePath}(2,48): \"replicas\"", both[0].Options.PassedOver);
        Assert.Contains($"{FilePath}(2,22): \"health-path\"", both[1].Options.PassedOver);
    }

    [Fact]
    public void BindEach_OptionOfTheApplicationThatMeansNothing_IsRefused() =>
        Assert.Contains($"{FilePath}(1,74): \"port\": means nothing in assets mode", Fails("""{"applications": {"a": {"registry": "file:///srv/releases/a","root":"/a","port": 80}}}"""), StringComparison.Ordinal);

    [Fact]
    public void BindEach_Only_TakesThoseNamed() => Assert.Equal(["site"], BindEach(Two, "site").Select(one => one.Options.Name));

    [Fact]
    public void BindEach_UnknownName_IsRefusedWithWhatThereIs() =>
        Assert.Contains("has no application 'sites'; it has web, site. Did you mean site?", Fails(Two, "sites"), StringComparison.Ordinal);

    [Fact]
    public void BindEach_NamesWithoutApplications_AreRefused() =>
        Assert.Contains("has no \"applications\" to choose from", Fails("""{"registry": "file:///x"}""", "web"), StringComparison.Ordinal);

    [Fact]
    public void BindEach_FileOfOne_IsOne() =>
        Assert.Equal("x", Assert.Single(BindEach("""{"registry": "file:///srv/x"}""")).Options.Name);

    [Fact]
    public void BindEach_ProblemsOfSeveral_AreToldAtOnceAndWhereTheyAre()
    {
        var message = Fails("""
            {
              "interval": "often",
              "applications": {
                "web": {"mode": "server", "registry": "file:///w", "root": "/w"},
                "site": {"root": "/s", "keep-releases": 0}
              }
            }
            """);

        Assert.Contains($"{FilePath}(4,5): \"command\": server mode needs the program to run", message, StringComparison.Ordinal);
        Assert.Contains($"{FilePath}(5,5): \"registry\": a registry is required", message, StringComparison.Ordinal);
        Assert.Contains($"{FilePath}(5,28): \"keep-releases\": 0 is outside 1 to 1000.", message, StringComparison.Ordinal);
        Assert.Single(message.Split("\"interval\": 'often' is not a duration").Skip(1));
    }

    [Theory]
    [InlineData("""{"registry": "file:///a", "root": "/x"}""", """{"registry": "file:///b", "root": "/x/"}""", "one and two have one root, /x")]
    [InlineData("""{"registry": "file:///a"}""", """{"registry": "file:///b"}""", "one and two have one root")]
    [InlineData("""{"registry": "file:///a", "root": "/a", "command": "a", "port": [80, 81]}""", """{"registry": "file:///b", "root": "/b", "command": "b", "port": 81}""", "one and two both listen on 81")]
    [InlineData("""{"registry": "img://h/a", "root": "/a"}""", """{"registry": "img://h/b", "root": "/b"}""", "one and two both listen on 8000")]
    [InlineData("""{"registry": "file:///a", "root": "/a", "admin-port": "/run/a.sock"}""", """{"registry": "file:///b", "root": "/b", "admin-port": "/run/a.sock"}""", "one and two have one socket for their admin API")]
    [InlineData("""{"registry": "file:///a", "root": "/a", "log-file": "/log/a"}""", """{"registry": "file:///b", "root": "/b", "log-file": "/log/a", "log-format": "json"}""", "one and two write one file, /log/a, in different ways")]
    public void BindEach_Neighbours_MustNotMeet(string one, string two, string expected) =>
        Assert.Contains(expected, Fails($$"""{"applications": {"one": {{one}}, "two": {{two}} } }"""), StringComparison.Ordinal);

    [Fact]
    public void BindEach_FreePortsAndOneAdminPort_MayBeShared() =>
        Assert.Equal(2, BindEach("""{"admin-port": 17600, "port": 0, "command": "x", "applications": {"a": {"registry": "file:///a", "root": "/a"}, "b": {"registry": "file:///b", "root": "/b"}}}""").Count);

    [Fact]
    public void BindEach_OneWithoutPorts_TakesNoSocketsOfItsNeighbours()
    {
        var both = BindEach("""{"applications": {"web": {"registry": "file:///a", "root": "/a", "command": "x", "port": 80}, "worker": {"registry": "file:///b", "root": "/b", "command": "x"}}}""");

        Assert.Equal([false, true], both.Select(one => one.Options.Variables.ContainsKey("LISTEN_PID")));
    }

    [Fact]
    public void Complete_SeveralAndNoneNamed_IsRefusedWithTheirNames()
    {
        var failure = Assert.Throws<DewyException>(() => Complete(Two));

        Assert.Contains("has several applications: web, site.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--name", failure.NextStep, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name", "site", "/srv/site")]
    [InlineData("root", "/srv/web/", "/srv/web/")]
    [InlineData("root", "/elsewhere", "/elsewhere")]
    public void Complete_NameOrRoot_SaysWhichIsMeant(string option, string value, string root)
    {
        var complete = Complete(Two, (option, value));

        Assert.Equal([root], complete.Values("root"));
        Assert.Equal(value is "/elsewhere" ? [] : [value is "site" ? "site" : "web"], complete.Values("name"));
        Assert.Equal(["30s"], value is "site" ? ["30s"] : complete.Values("interval"));
    }

    [Fact]
    public void Complete_VariableNamesIt_Counts()
    {
        _environment["DEWY_NAME"] = "site";

        Assert.Equal(["/srv/site"], Complete(Two).Values("root"));
    }

    [Fact]
    public void Complete_OnlyOneApplication_IsMeant() =>
        Assert.Equal(["a"], Complete("""{"applications": {"a": {"registry": "file:///a"}}}""").Values("name"));

    [Fact]
    public void Complete_CompleteOptions_AreNotReadAgain()
    {
        var complete = Complete(Two, ("name", "web"));
        File.Delete(FilePath);

        Assert.Same(complete, OptionSources.Complete(complete, _directory.Path, _environment));
    }

    [Fact]
    public void BindRoots_SeveralApplications_AreAllTheirs() =>
        Assert.Equal(["/srv/web", "/srv/site"], ApplicationOptionsBinder.BindRoots(Write(Two), _directory.Path, _environment));

    [Fact]
    public void BindLog_NoneNamed_IsWhatIsSaidOfAll() =>
        Assert.Equal("/log/all", ApplicationOptionsBinder.BindLog(Write("""{"log-file": "/log/all", "applications": {"a": {"log-file": "/log/a"}, "b": {}}}"""), _directory.Path, _environment).File);

    private IReadOnlyList<BoundApplication> BindEach(string content, params string[] names) =>
        ApplicationOptionsBinder.BindEach(Write(content), names, _directory.Path, _environment);

    private string Fails(string content, params string[] names) => Assert.Throws<DewyException>(() => BindEach(content, names)).Message;

    private OptionSet Complete(string content, params (string Name, string Value)[] given)
    {
        var options = Write(content);
        foreach (var (name, value) in given)
            options.Add(name, value);
        return OptionSources.Complete(options, _directory.Path, _environment);
    }

    private OptionSet Write(string content)
    {
        File.WriteAllText(FilePath, content);
        return new OptionSet().Add("config", FilePath);
    }
}
