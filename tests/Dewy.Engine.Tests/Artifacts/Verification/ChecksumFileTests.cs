using System.Text;
using Dewy.Engine.Artifacts.Verification;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace Dewy.Engine.Tests.Artifacts.Verification;

public sealed class ChecksumFileTests
{
    private const string Name = "app.tar.gz";
    private const string Hex = "21d5da7cf46391e04e64d3d33c9fd715e21a459ff30ad0968df3f419737f43d8";
    private const string OtherHex = "0000000000000000000000000000000000000000000000000000000000000000";
    private const string Hex512 =
        "98c3f9bc6b74c6d6c55b896d6f73cccd65c90007eaed42c628b427b5c7bdc0b0e7d4556f0b9a0d9128af24fbf1322ff6f0728d2d4705ae165ed820a1ad150c5a";

    public static TheoryData<string> Forms => new()
    {
        $"{Hex}  {Name}",
        $"{Hex}  {Name}\n",
        $"{Hex}  {Name}\r\n",
        $"{Hex} *{Name}\n",
        $"{Hex} {Name}\n",
        $"{Hex}\t{Name}\n",
        Hex,
        $"{Hex}\r\n",
        $"  {Hex}  ",
        Hex.ToUpperInvariant(),
        $"{Hex}  ./{Name}\n",
        $"{Hex}  dist/linux/{Name}\n",
        $"{Hex} *.\\{Name}\r\n",
        $"SHA256 ({Name}) = {Hex}\n",
        $"SHA256(./{Name})= {Hex}\n",
        $"SHA2-256({Name})= {Hex}\n",
        $"\\{Hex}  {Name}\n",
        $"\uFEFF{Hex}  {Name}\n",
        $"# made by the release job\n{OtherHex}  other.zip\n\n{Hex}  {Name}\n",
        $"{OtherHex}  {Name}.sbom\n{Hex}  {Name}\n",
        $"{OtherHex}  my{Name}\n{Hex}  {Name}\n",
        $"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{Hex}  {Name}\n{OtherHex}  b\n-----BEGIN PGP SIGNATURE-----\n\niQEzBAEB\n=abcd\n-----END PGP SIGNATURE-----\n",
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void DigestsOf_AnyForm_IsFound(string text) =>
        Assert.Equal($"sha256:{Hex}", Parse(text).DigestsOf(Name, besideArtifact: false).Single().ToString());

    [Fact]
    public void DigestsOf_Sha512_IsToldByItsLength() =>
        Assert.Equal($"sha512:{Hex512}", Parse($"{Hex512}  {Name}\n").DigestsOf(Name, besideArtifact: false).Single().ToString());

    [Fact]
    public void DigestsOf_Utf16WithByteOrderMark_IsRead()
    {
        byte[] content = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes($"{Hex}  {Name}\r\n")];

        Assert.Equal(Hex, ChecksumFile.Parse("x", content).DigestsOf(Name, besideArtifact: false).Single().Hex);
    }

    [Fact]
    public void DigestsOf_EscapedName_IsUnescaped() =>
        Assert.Equal(Hex, Parse($"{OtherHex}  b\n\\{Hex}  a\\\\b\\nc\\rd\n").DigestsOf("a\\b\nc\rd", besideArtifact: false).Single().Hex);

    [Fact]
    public void DigestsOf_SameNameInSeveralDirectories_PrefersTheOneWithout() =>
        Assert.Equal(Hex, Parse($"{OtherHex}  old/{Name}\n{Hex}  ./{Name}\n").DigestsOf(Name, besideArtifact: false).Single().Hex);

    [Fact]
    public void DigestsOf_TwoAlgorithms_ReturnsBoth() =>
        Assert.Equal("sha256 sha512", string.Join(' ', Parse($"{Hex}  {Name}\n{Hex512}  {Name}\n").DigestsOf(Name, besideArtifact: false).Select(digest => digest.Algorithm)));

    [Fact]
    public void DigestsOf_OneLineBesideTheArtifact_CountsWhateverNameItCarries() =>
        Assert.Equal(Hex, Parse($"{Hex}  build-output.tgz\n").DigestsOf(Name, besideArtifact: true).Single().Hex);

    [Theory]
    [InlineData($"{Hex}  other.zip\n{OtherHex}  third.zip\n", true)]
    [InlineData($"{Hex}  other.zip\n", false)]
    [InlineData($"{Hex}  {Name}\n{OtherHex}  {Name}\n", true)]
    [InlineData($"{Hex}  a/{Name}\n{OtherHex}  b/{Name}\n", false)]
    [InlineData($"{Hex}\n{OtherHex}\n", true)]
    public void DigestsOf_NothingOrContradictionsForTheArtifact_IsAnError(string text, bool beside)
    {
        var failure = Assert.Throws<DewyException>(() => Parse(text).DigestsOf(Name, beside));

        Assert.Equal(ErrorCode.ChecksumMissing, failure.Code);
        Assert.Contains(Name, failure.Message, StringComparison.Ordinal);
        Assert.Contains("checksums.txt", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<!DOCTYPE html><html><body>Not found</body></html>")]
    [InlineData($"{Name}  {Hex}")]
    [InlineData($"CRC32 ({Name}) = {Hex}")]
    [InlineData("21d5da7cf46391e0  app.tar.gz")]
    public void Parse_NoChecksumInIt_IsAnError(string text) =>
        Assert.Equal(ErrorCode.ChecksumMissing, Assert.Throws<DewyException>(() => Parse(text)).Code);

    [Fact]
    public void Parse_AboveTheSizeLimit_IsAnError() =>
        Assert.Equal(ErrorCode.ChecksumMissing, Assert.Throws<DewyException>(() => ChecksumFile.Parse("x", new byte[ChecksumFile.MaxSize + 1])).Code);

    [Property(MaxTest = 300)]
    public bool Parse_AnyBytes_ThrowsNothingElse(byte[] content)
    {
        try
        {
            _ = ChecksumFile.Parse("x", content).DigestsOf(Name, besideArtifact: false);
            return true;
        }
        catch (DewyException)
        {
            return true;
        }
    }

    [Property(MaxTest = 300)]
    public Property Parse_AlmostChecksums_ThrowsNothingElse() => Prop.ForAll(
        Gen.Elements(Hex, Hex512, "SHA256", " ", "  ", "*", "(", ")", "=", "\\", "\n", "\r", Name, "./", "\0", "\uFEFF", "é").ListOf().Select(string.Concat).ToArbitrary(),
        text => Parse_AnyBytes_ThrowsNothingElse(Encoding.UTF8.GetBytes(text)));

    [Property(MaxTest = 300)]
    public bool Parse_WhatSha256sumWrites_GivesNameAndDigestBack(NonEmptyString name, byte[] seed, bool binary)
    {
        var plain = new string([.. name.Get.Where(character => !char.IsSurrogate(character) && character != '\0')]).Trim(' ', '\t', '\r', '\n');
        if (plain.Length == 0)
            return true;
        var digest = Digest.Sha256(System.Security.Cryptography.SHA256.HashData(seed));
        var escaped = plain.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);
        var mark = string.Equals(escaped, plain, StringComparison.Ordinal) ? "" : "\\";

        var entries = Parse($"{mark}{digest.Hex} {(binary ? '*' : ' ')}{escaped}\n{mark}SHA256 ({escaped}) = {digest.Hex}\n").Entries;

        return entries.Count == 2 && entries.All(entry => entry.Digest == digest && string.Equals(entry.Name, plain, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("app.tar.gz.sha256", true)]
    [InlineData("app.tar.gz.SHA256SUM", true)]
    [InlineData("app.tar.gz.sha512", true)]
    [InlineData("app.tar.gz.sha512sum", true)]
    [InlineData("SHA256SUMS", true)]
    [InlineData("sha256sums.TXT", true)]
    [InlineData("SHA512SUMS", true)]
    [InlineData("checksums.txt", true)]
    [InlineData("app_1.0.0_checksums.txt", true)]
    [InlineData("app-1.0.0-checksums.sha256", true)]
    [InlineData("other.tar.gz.sha256", false)]
    [InlineData("app.tar.gz", false)]
    [InlineData("app.tar.gz.sig", false)]
    [InlineData("readme.txt", false)]
    public void Among_FilesOfARelease_FindsChecksumFiles(string fileName, bool found)
    {
        var file = new Dewy.Engine.Releases.ReleaseAsset { Name = fileName, Location = new Uri("test://x") };

        Assert.Equal(found, ChecksumFileNames.Among([file], Name).Count == 1);
    }

    private static ChecksumFile Parse(string text) => ChecksumFile.Parse("checksums.txt", Encoding.UTF8.GetBytes(text));
}
