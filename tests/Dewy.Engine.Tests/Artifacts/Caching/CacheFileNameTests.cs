using Dewy.Engine.Artifacts.Caching;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace Dewy.Engine.Tests.Artifacts.Caching;

public sealed class CacheFileNameTests
{
    [Theory]
    [InlineData("v1.2.3--app_linux_amd64.tar.gz")]
    [InlineData("v1.2.3+blue--App-1.0~rc1.zip")]
    [InlineData("2026.01.5--app")]
    public void Plain_OrdinaryKey_IsTheKeyItself(string key) => Assert.Equal(key, CacheFileName.Plain(key));

    [Theory]
    [InlineData("feature/x--app.tar.gz")]
    [InlineData("..--app.tar.gz")]
    [InlineData("../../etc--passwd")]
    [InlineData("v1--a\\..\\b")]
    [InlineData("v1--app\0.tar.gz")]
    [InlineData("v1--app\n.tar.gz")]
    [InlineData("v1--é.tar.gz")]
    [InlineData("v1--a b")]
    [InlineData("v1--a%2Fb")]
    [InlineData("v1--app.")]
    [InlineData("CON.1--app.zip")]
    [InlineData("com1.0--app.zip")]
    [InlineData("v1--app.dewy.json")]
    [InlineData("v1--app.PARTIAL")]
    [InlineData("v1--app.tmp")]
    [InlineData("quarantine")]
    [InlineData("")]
    public void Plain_KeyThatIsNoSafeFileName_IsNull(string key) => Assert.Null(CacheFileName.Plain(key));

    [Fact]
    public void Plain_VeryLongKey_IsNull() => Assert.Null(CacheFileName.Plain($"v1--{new string('a', 5000)}"));

    [Fact]
    public void Escaped_VeryLongKey_IsShortAndKeepsTheExtension()
    {
        var name = CacheFileName.Escaped($"{new string('v', 5000)}--app.tar.gz");

        Assert.InRange(name.Length, 1, 190);
        Assert.EndsWith("--app.tar.gz", name, StringComparison.Ordinal);
    }

    [Fact]
    public void Escaped_LongKeysThatEndAlike_Differ() =>
        Assert.NotEqual(CacheFileName.Escaped($"a{new string('v', 5000)}--app.tar.gz"), CacheFileName.Escaped($"b{new string('v', 5000)}--app.tar.gz"), StringComparer.OrdinalIgnoreCase);

    [Property(MaxTest = 500)]
    public Property Escaped_AnyKey_IsOneHarmlessNameThatNoPlainNameEquals() => Prop.ForAll(
        Gen.OneOf(
            ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""),
            Gen.Elements("/", "..", "\\", "\0", "CON", ".", "%", "a", "--", ":", "~", " ", "é", ".dewy.json", ".partial").ListOf().Select(string.Concat)).ToArbitrary(),
        key =>
        {
            var name = CacheFileName.Escaped(key);
            return name.Length <= 190
                && name.StartsWith('%')
                && !name.EndsWith('.')
                && name.All(character => char.IsAsciiLetterOrDigit(character) || "-_.+@=,~%".Contains(character, StringComparison.Ordinal))
                && CacheFileName.Plain(name) is null
                && string.Equals(Path.GetFileName(name), name, StringComparison.Ordinal)
                && !name.EndsWith(CacheFileName.DescriptionSuffix, StringComparison.Ordinal)
                && !name.EndsWith(CacheFileName.PartialSuffix, StringComparison.Ordinal);
        });
}
