using Dewy.Engine.Composition;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Composition.Configuration;

public sealed class ConfigurationFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string FilePath => _directory.Combine("dewy.json");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Read_AllKindsOfValues_BecomeText()
    {
        var options = Read("""
            {
              // comments are fine
              "registry": "file:///srv/releases/app",
              "keep-releases": 3,
              "no-report": true,
              "port": [8000, "8100-8103"], /* and so are */
              "shared": ["log/"],
            }
            """);

        Assert.Equal(["file:///srv/releases/app"], options.Values("registry"));
        Assert.Equal(["3"], options.Values("keep-releases"));
        Assert.Equal(["true"], options.Values("no-report"));
        Assert.Equal(["8000", "8100-8103"], options.Values("port"));
        Assert.Equal(["log/"], options.Values("shared"));
    }

    [Fact]
    public void Read_ByteOrderMark_IsSkipped() => Assert.Equal(["app"], Read("\uFEFF{\"name\": \"app\"}").Values("name"));

    [Fact]
    public void Read_Option_RemembersKeyAndLine() =>
        Assert.Equal($"{FilePath}(3,3): \"interval\"", Read("{\n  \"name\": \"app\",\n  \"interval\": \"5m\"\n}").Origin("interval"));

    [Fact]
    public void Read_UnknownKey_IsRefusedWithPlaceAndSuggestion() =>
        Assert.Equal($"{FilePath}(3,5): \"intervall\" is not an option. Did you mean interval?", Failure("{\n  \"name\": \"app\",\n    \"intervall\": 5\n}").Message);

    [Fact]
    public void Read_SeveralProblems_AreToldAtOnce()
    {
        var message = Failure("{\n\"wat\": {\"a\": [1]},\n\"interval\": [1, 2],\n\"name\": null,\n\"root\": \"/a\",\n\"root\": \"/b\"\n}").Message;

        Assert.Contains("(2,1): \"wat\" is not an option.", message, StringComparison.Ordinal);
        Assert.Contains("(3,1): \"interval\" takes one value, not a list.", message, StringComparison.Ordinal);
        Assert.Contains("(4,1): \"name\" takes a string, a number, true or false.", message, StringComparison.Ordinal);
        Assert.Contains("(6,1): \"root\" stands here a second time.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ListWithObject_IsRefused() =>
        Assert.Contains("(1,17): \"port\" takes a list of strings or numbers.", Failure("""{"port": [8000, {"x": 1}]}""").Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{\n  \"name\": \"app\"\n  \"root\": \"/\"\n}", 3)]
    [InlineData("{\n  \"name\": \"app\",\n", 3)]
    [InlineData("{}\n{}", 2)]
    [InlineData("{\n \"name\": nope }", 2)]
    public void Read_BrokenJson_NamesLineAndColumn(string content, int line)
    {
        var failure = Failure(content);

        Assert.Matches($@"dewy\.json\({line},\d+\): ", failure.Message);
        Assert.DoesNotContain("LineNumber", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Empty_IsRefused() => Assert.Contains("(1,1)", Failure("").Message, StringComparison.Ordinal);

    [Fact]
    public void Read_NoObject_IsRefused() => Assert.Contains("an object { … } was expected", Failure("[1]").Message, StringComparison.Ordinal);

    [Fact]
    public void Read_ConfigInsideConfig_IsNoOption() => Assert.Contains("\"config\" is not an option", Failure("""{"config": "x"}""").Message, StringComparison.Ordinal);

    [Fact]
    public void Read_MissingFile_SaysWhatToDo()
    {
        var failure = Assert.Throws<DewyException>(Complete);

        Assert.Equal(ErrorCode.InvalidConfiguration, failure.Code);
        Assert.Equal(ExitCode.Usage, failure.ExitCode);
        Assert.Contains(FilePath, failure.Message, StringComparison.Ordinal);
        Assert.Contains("DEWY_CONFIG", failure.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SchemaAddress_IsNoOption() => Assert.Equal(["app"], Read("""{"$schema": "https://example.com/dewy.schema.json", "name": "app"}""").Values("name"));

    [Fact]
    public void Read_Variables_AreNoOptions()
    {
        var options = Read("""{"name": "app", "environment": {"GH_TOKEN": "ghp_1", "AWS_PROFILE": "ops"}}""");

        Assert.Equal("ghp_1", options.Variables["GH_TOKEN"]);
        Assert.Equal("ops", options.Variables["AWS_PROFILE"]);
        Assert.DoesNotContain(options, option => option.Value.Contains("ghp_1", StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{"environment": ["A"]}""", "(1,2): \"environment\" takes an object")]
    [InlineData("""{"environment": {"DEWY_PORT": "80"}}""", "(1,18): \"DEWY_PORT\" is Dewy's own")]
    [InlineData("""{"environment": {"A=B": "1"}}""", "(1,18): \"A=B\" is no name of a variable")]
    [InlineData("""{"environment": {"": "1"}}""", "(1,18): \"\" is no name of a variable")]
    [InlineData("""{"environment": {"A": 1}}""", "(1,18): the variable \"A\" takes a string")]
    [InlineData("""{"environment": {"A": "1", "A": "2"}}""", "(1,28): \"A\" stands here a second time")]
    [InlineData("""{"$schema": 1}""", "(1,2): \"$schema\" takes the address of a schema")]
    [InlineData("""{"applications": []}""", "(1,2): \"applications\" takes an object")]
    [InlineData("""{"applications": {}}""", "(1,2): \"applications\" names no application")]
    [InlineData("""{"applications": {"web": []}}""", "(1,19): the application \"web\" takes an object")]
    [InlineData("""{"applications": {"web": {}, "web": {}}}""", "(1,30): the application \"web\" stands here a second time.")]
    [InlineData("""{"applications": {"web": {}, "Web": {}}}""", "\"web\" is the same name to some file systems")]
    [InlineData("""{"applications": {"../web": {}}}""", "(1,19): \"../web\" is no name for an application")]
    [InlineData("""{"applications": {"web.": {}}}""", "\"web.\" is no name for an application")]
    [InlineData("""{"applications": {"web": {"name": "x"}}}""", "(1,27): the name of this application is its key, web")]
    [InlineData("""{"applications": {"web": {"applications": {}}}}""", "(1,27): \"applications\" is not an option.")]
    [InlineData("""{"applications": {"web": {"$schema": "x"}}}""", "\"$schema\" is not an option.")]
    [InlineData("""{"name": "x", "applications": {"web": {}}}""", "(1,2): the names of applications are their keys")]
    [InlineData("""{"aplications": {}}""", "\"aplications\" is not an option. Did you mean applications?")]
    [InlineData("""{"environmnt": {}}""", "Did you mean environment?")]
    public void Read_Nonsense_IsRefusedWithItsPlace(string content, string expected) => Assert.Contains(expected, Failure(content).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_HugeFile_IsRefused()
    {
        File.WriteAllText(FilePath, new string(' ', 2 << 20));

        Assert.Contains("larger", Assert.Throws<DewyException>(Complete).Message, StringComparison.Ordinal);
    }

    private OptionSet Read(string content)
    {
        File.WriteAllText(FilePath, content);
        return Complete();
    }

    private OptionSet Complete() =>
        OptionSources.Complete(new OptionSet().Add("config", FilePath), _directory.Path, new Dictionary<string, string>(StringComparer.Ordinal));

    private DewyException Failure(string content)
    {
        var failure = Assert.Throws<DewyException>(() => Read(content));
        Assert.Equal(ErrorCode.InvalidConfiguration, failure.Code);
        return failure;
    }
}
