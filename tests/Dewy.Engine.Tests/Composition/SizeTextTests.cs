using Dewy.Engine.Composition;
using Xunit;

namespace Dewy.Engine.Tests.Composition;

public sealed class SizeTextTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1048576", 1L << 20)]
    [InlineData("500MB", 500_000_000)]
    [InlineData("4GiB", 4L << 30)]
    [InlineData("4gib", 4L << 30)]
    [InlineData("1.5KiB", 1536)]
    [InlineData("10 B", 10)]
    public void TryParse_Size_IsRead(string text, long bytes)
    {
        Assert.True(SizeText.TryParse(text, out var read));
        Assert.Equal(bytes, read);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("4G")]
    [InlineData("-1")]
    [InlineData("GiB")]
    [InlineData("9999999999TiB")]
    public void TryParse_AnythingElse_IsRefused(string? text) => Assert.False(SizeText.TryParse(text, out _));
}
