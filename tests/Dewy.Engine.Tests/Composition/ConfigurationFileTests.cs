using Dewy.Engine.Composition;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Composition;

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
        Assert.Equal("\"interval\" (dewy.json, line 3)", Read("{\n  \"name\": \"app\",\n  \"interval\": \"5m\"\n}").Origin("interval"));

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
        Assert.Contains("(1,2): \"port\" takes a list of strings or numbers.", Failure("""{"port": [8000, {"x": 1}]}""").Message, StringComparison.Ordinal);

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
        var failure = Assert.Throws<DewyException>(() => ConfigurationFile.Read(FilePath));

        Assert.Equal(ErrorCode.InvalidConfiguration, failure.Code);
        Assert.Equal(ExitCode.Usage, failure.ExitCode);
        Assert.Contains(FilePath, failure.Message, StringComparison.Ordinal);
        Assert.Contains("DEWY_CONFIG", failure.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_HugeFile_IsRefused()
    {
        File.WriteAllText(FilePath, new string(' ', 2 << 20));

        Assert.Contains("larger", Assert.Throws<DewyException>(() => ConfigurationFile.Read(FilePath)).Message, StringComparison.Ordinal);
    }

    private OptionSet Read(string content)
    {
        File.WriteAllText(FilePath, content);
        return ConfigurationFile.Read(FilePath);
    }

    private DewyException Failure(string content)
    {
        var failure = Assert.Throws<DewyException>(() => Read(content));
        Assert.Equal(ErrorCode.InvalidConfiguration, failure.Code);
        return failure;
    }
}
