using Dewy.Engine.Composition;
using Xunit;

namespace Dewy.Engine.Tests.Composition;

public sealed class SuggestionTests
{
    private static readonly string[] Names = ["interval", "health-path", "health-timeout", "port", "root"];

    [Theory]
    [InlineData("intervall", "interval")]
    [InlineData("itnerval", "interval")]
    [InlineData("--health_path", "health-path")]
    [InlineData("helth-path", "health-path")]
    [InlineData("prot", "port")]
    [InlineData("inter", "interval")]
    public void For_NearMiss_IsFound(string typed, string meant) => Assert.Equal(meant, Suggestion.For(typed, Names));

    [Theory]
    [InlineData("colour")]
    [InlineData("x")]
    [InlineData("")]
    public void For_NothingNear_IsNull(string typed) => Assert.Null(Suggestion.For(typed, Names));
}
