using Dewy.Engine.Registries;
using Dewy.Engine.Releases;
using Xunit;

namespace Dewy.Engine.Tests.Registries;

public sealed class RegistryAddressTests
{
    private static readonly RegistryCatalog Catalog = new(
        RegistryCatalog.BuiltIn.Schemes[0],
        new RegistryScheme
        {
            Name = "img",
            Form = "img://host[:port]/repository",
            Parameters = ["pre-release", "constraint", "platform"],
            Create = (_, _) => throw new NotSupportedException(),
        });

    [Theory]
    [InlineData("img://ghcr.io/owner/app", "ghcr.io", "ghcr.io", null, "owner/app")]
    [InlineData("IMG://localhost:5000/app", "localhost:5000", "localhost", 5000, "app")]
    [InlineData("img://10.0.0.1:5000/a/b", "10.0.0.1:5000", "10.0.0.1", 5000, "a/b")]
    [InlineData("img://[::1]:5000/app", "[::1]:5000", "::1", 5000, "app")]
    [InlineData("img://[2001:db8::1]/app", "[2001:db8::1]", "2001:db8::1", null, "app")]
    [InlineData("img://owner/a%20b%2Fc%25", "owner", "owner", null, "a b/c%")]
    [InlineData("img://owner", "owner", "owner", null, "")]
    public void Parse_Url_IsTakenApart(string text, string authority, string host, int? port, string path)
    {
        var address = Catalog.Parse(text);

        Assert.Equal(("img", authority, host, port, path), (address.Scheme, address.Authority, address.Host, address.Port, address.Path));
        Assert.Equal(text, address.DisplayName);
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData("img://ghcr.io/owner/app", "app")]
    [InlineData("img://ghcr.io/owner/app/", "app")]
    [InlineData("img://ghcr.io", null)]
    public void LastWord_Path_IsItsEnd(string text, string? expected) => Assert.Equal(expected, Catalog.Parse(text).LastWord);

    [Fact]
    public void Parse_Query_IsDecoded()
    {
        var address = Catalog.Parse("img://owner/app?constraint=%3E%3D1.2+%3C2&Pre-Release&platform=linux%2Farm64");

        Assert.Equal(
            [("constraint", ">=1.2 <2"), ("platform", "linux/arm64"), ("pre-release", "true")],
            address.Parameters.Select(pair => (pair.Key, pair.Value)).Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData("owner/app")]
    [InlineData("img:owner/app")]
    [InlineData("://owner")]
    [InlineData("img://owner:port/app")]
    [InlineData("img://owner:70000/app")]
    [InlineData("img://owner:/app")]
    [InlineData("img://::1/app")]
    [InlineData("img://[::1/app")]
    [InlineData("img://[nonsense]:80/app")]
    [InlineData("img://owner/app#v1")]
    [InlineData("img://owner/a%2")]
    [InlineData("img://owner/a%0Ab")]
    [InlineData("img://owner/app?pre-release=true&pre-release=false")]
    public void Parse_NotARegistryUrl_IsAnInvalidOption(string text)
    {
        var failure = Assert.Throws<DewyException>(() => Catalog.Parse(text));

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
        Assert.NotNull(failure.NextStep);
    }

    [Fact]
    public void Parse_UnknownScheme_ListsThoseThereAre()
    {
        var failure = Assert.Throws<DewyException>(() => RegistryAddress.Parse("gopher://host/app"));

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
        Assert.Contains("'gopher'", failure.Message, StringComparison.Ordinal);
        Assert.All(RegistryCatalog.BuiltIn.Schemes, scheme => Assert.Contains(scheme.Form, failure.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_UnknownParameter_ListsThoseThereAre()
    {
        var failure = Assert.Throws<DewyException>(() => Catalog.Parse("file:///srv/app?artefact=app.zip"));

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
        Assert.Contains("'artefact'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("artifact, pre-release, calver, constraint", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("img://user:hunter2@host/app")]
    [InlineData("img://host/app?token=hunter2")]
    [InlineData("img://host/app?x=1&client-SECRET=hunter2&y=2")]
    [InlineData("nope://user:hunter2@host/app")]
    [InlineData("img://hunter2@host:x/app")]
    public void Parse_Credentials_AreRefusedWithoutBeingShown(string text)
    {
        var failure = Assert.Throws<DewyException>(() => Catalog.Parse(text));

        Assert.Contains("***", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure + failure.NextStep + failure.Target, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file:///srv/releases/app", "/srv/releases/app")]
    [InlineData("file:///srv/releases/app/", "/srv/releases/app")]
    [InlineData("file://localhost/srv/app", "/srv/app")]
    [InlineData("file:///srv/a%20b", "/srv/a b")]
    [InlineData("file:///srv/x/../app", "/srv/app")]
    [InlineData("file:///srv/app@home", "/srv/app@home")]
    [InlineData("file://./releases", "/base/dir/releases")]
    [InlineData("file://../releases", "/base/releases")]
    [InlineData("file://.", "/base/dir")]
    public void Parse_FolderUrl_IsAnAbsolutePath(string text, string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Paths of Unix.");

        Assert.Equal(path, Catalog.Parse(text, "/base/dir").Path);
    }

    [Theory]
    [InlineData("file:///C:/releases/app", @"C:\releases\app")]
    [InlineData("file://server/share/app", @"\\server\share\app")]
    public void Parse_FolderUrlOnWindows_IsAnAbsolutePath(string text, string path)
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(), "Paths of Windows.");

        Assert.Equal(path, Catalog.Parse(text).Path);
    }

    [Fact]
    public void Parse_FolderUrlWithoutPath_IsAnInvalidOption() =>
        Assert.Equal(ErrorCode.InvalidOption, Assert.Throws<DewyException>(() => Catalog.Parse("file:///")).Code);

    [Fact]
    public void Parse_FolderUrlOfAnotherComputer_TellsTheRelativeForm()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There it is a share.");
        var failure = Assert.Throws<DewyException>(() => Catalog.Parse("file://releases/app"));

        Assert.Contains("file://./releases/app", failure.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_SchemeThatIsNotThere_IsAnInvalidOption()
    {
        var address = Catalog.Parse("img://owner/app");

        var failure = Assert.Throws<DewyException>(() => new RegistryCatalog().Create(address, new RegistryServices { TimeProvider = TimeProvider.System }));

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
    }

    [Fact]
    public void ToCriteria_Parameters_AreReadAndFlagsBeatThem()
    {
        var address = Catalog.Parse("file:///srv/app?artifact=app-*.zip&pre-release=TRUE&calver=YYYY.MM");

        Assert.Equal(new ReleaseCriteria { Artifact = "app-*.zip", PreRelease = true, CalVer = "YYYY.MM", Slot = "blue" }, address.ToCriteria(slot: "blue"));
        Assert.Equal("YYYY.0M", address.ToCriteria(calVer: "YYYY.0M").CalVer);
        Assert.Equal(new ReleaseCriteria(), Catalog.Parse("file:///srv/app?artifact=&pre-release=false").ToCriteria(slot: ""));
    }

    [Theory]
    [InlineData("pre-release=maybe")]
    [InlineData("calver=soon")]
    [InlineData("constraint=newest")]
    [InlineData("constraint=^1&calver=YYYY.MM")]
    public void ToCriteria_ValueThatMeansNothing_IsAnInvalidOption(string query) =>
        Assert.Equal(ErrorCode.InvalidOption, Assert.Throws<DewyException>(() => Catalog.Parse($"file:///srv/app?{query}").ToCriteria()).Code);
}
