using Dewy.Engine.Processes;
using Xunit;

namespace Dewy.Engine.Tests.Processes;

public class ListenAddressTests
{
    [Fact]
    public void ParseAll_EveryForm_IsRead()
    {
        Assert.Equal(
            [
                new("8000", null, 8000, null),
                new("127.0.0.1:8001", "127.0.0.1", 8001, null),
                new("[::1]:8002", "::1", 8002, null),
                new("localhost:8003", "localhost", 8003, null),
                new("/run/app.sock", null, null, "/run/app.sock"),
            ],
            ListenAddress.ParseAll(["8000", "127.0.0.1:8001", "[::1]:8002", "localhost:8003", "/run/app.sock"]));
    }

    [Fact]
    public void ParseAll_ListsAndRanges_AreExpandedInOrder() =>
        Assert.Equal(
            "8000 8100 8101 8102 127.0.0.1:9000 127.0.0.1:9001",
            string.Join(' ', ListenAddress.ParseAll(["8000,8100-8102", " 127.0.0.1:9000-9001 "])));

    [Fact]
    public void ParseAll_PathsBetweenPorts_ComeLast() =>
        Assert.Equal("80 81 /a /b", string.Join(' ', ListenAddress.ParseAll(["/a", "80", "/b", "81"])));

    [Fact]
    public void ParseAll_SamePortOfBothFamilies_IsAllowed() =>
        Assert.Equal(2, ListenAddress.ParseAll(["8000", "[::]:8000"]).Count);

    [Fact]
    public void ParseAll_SeveralPortsZero_AreAllowed() => Assert.Equal(2, ListenAddress.ParseAll(["0,0"]).Count);

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("+80")]
    [InlineData("65536")]
    [InlineData("99999999999")]
    [InlineData("80-70")]
    [InlineData("0-3")]
    [InlineData("80-")]
    [InlineData("1-60000")]
    [InlineData("example.com:80")]
    [InlineData(":80")]
    [InlineData("::1:80")]
    [InlineData("[127.0.0.1]:80")]
    [InlineData("1:80")]
    [InlineData("[::1]")]
    [InlineData("relative/path")]
    [InlineData("/ends/in/")]
    [InlineData("/a=b")]
    [InlineData("/a;b")]
    [InlineData("80,80")]
    [InlineData("80-82,81")]
    [InlineData("80,127.0.0.1:80")]
    [InlineData("127.0.0.1:80,localhost:80")]
    [InlineData("/a,/a")]
    public void ParseAll_Wrong_IsAnInvalidOptionThatNamesTheText(string text)
    {
        var failure = Assert.Throws<DewyException>(() => ListenAddress.ParseAll([text]));
        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
        Assert.Contains($"'{text.Split(',')[^1]}'", failure.Message, StringComparison.Ordinal);
        Assert.NotNull(failure.NextStep);
    }

    [Fact]
    public void ParseAll_PathTooLongForASocket_IsRefused() =>
        Assert.Equal(ErrorCode.InvalidOption, Assert.Throws<DewyException>(() => ListenAddress.ParseAll([$"/{new string('a', 110)}"])).Code);
}
