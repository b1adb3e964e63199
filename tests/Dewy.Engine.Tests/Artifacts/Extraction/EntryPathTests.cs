using Dewy.Engine.Artifacts.Extraction;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace Dewy.Engine.Tests.Artifacts.Extraction;

public sealed class EntryPathTests
{
    [Theory]
    [InlineData("a/b", "a/b")]
    [InlineData("./a//b/./c/", "a/b/c")]
    [InlineData("./", "")]
    [InlineData("...", "...")]
    [InlineData("a..b", "a..b")]
    public void Normalize_OrdinaryName_GivesItsComponents(string name, string expected) =>
        Assert.Equal(expected, EntryPath.Normalize(name, backslashSeparates: false, windows: false));

    [Theory]
    [InlineData("CON")]
    [InlineData("nul.txt")]
    [InlineData("dir/COM1.log")]
    [InlineData("trailing.")]
    [InlineData("trailing ")]
    [InlineData("stream:data")]
    [InlineData("que?stion")]
    [InlineData("control\u0001")]
    public void Normalize_NameWindowsCannotHave_IsRefusedThereOnly(string name)
    {
        Assert.Equal(name, EntryPath.Normalize(name, backslashSeparates: false, windows: false));
        var refusal = Assert.Throws<DewyException>(() => EntryPath.Normalize(name, backslashSeparates: false, windows: true));
        Assert.Equal(ErrorCode.ArchiveUnsafe, refusal.Code);
    }

    [Property(MaxTest = 2000)]
    public FsCheck.Property Normalize_AnyName_StaysBelowTheDirectory()
    {
        var parts = Gen.Elements("..", ".", "a", "b c", "", "\\", "C:", "/", "\0", "...", "x\\..\\y", "é");
        var names = parts.ArrayOf().Select(array => string.Join('/', array)).ToArbitrary();
        return Prop.ForAll(names, name =>
        {
            foreach (var windows in new[] { false, true })
            {
                try
                {
                    var path = EntryPath.Normalize(name, backslashSeparates: false, windows);
                    Assert.DoesNotContain("..", path.Split('/', '\\'));
                    Assert.StartsWith("/root/", Path.GetFullPath(Path.Join("/root", path)) + "/", StringComparison.Ordinal);
                }
                catch (DewyException exception)
                {
                    Assert.Equal(ErrorCode.ArchiveUnsafe, exception.Code);
                }
            }
        });
    }
}
