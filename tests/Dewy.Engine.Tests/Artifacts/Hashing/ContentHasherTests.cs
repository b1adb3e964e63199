using System.Text;
using Dewy.Engine.Artifacts.Hashing;
using Xunit;

namespace Dewy.Engine.Tests.Artifacts.Hashing;

public sealed class ContentHasherTests
{
    /// <summary>Check values: RFC 3720 B.4 and the usual "123456789" for CRC-32C, RFC 7693 appendix A for BLAKE2b.</summary>
    [Theory]
    [InlineData("crc32c", "123456789", "e3069283")]
    [InlineData("crc32c", "", "00000000")]
    [InlineData("md5", "abc", "900150983cd24fb0d6963f7d28e17f72")]
    [InlineData("sha1", "abc", "a9993e364706816aba3e25717850c26c9cd0d89d")]
    [InlineData("sha256", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(ContentHasher.Blake2b512, "abc", "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923")]
    public void Finish_KnownContent_GivesTheCheckValue(string algorithm, string content, string expected)
    {
        using var hasher = new ContentHasher([algorithm]);

        hasher.Append(Encoding.ASCII.GetBytes(content));

        Assert.Equal(expected, Convert.ToHexStringLower(hasher.Finish().FindHash(algorithm) ?? []));
    }

    [Fact]
    public void Finish_Crc32COf32Zeroes_IsTheBytesOfTheRfc()
    {
        using var hasher = new ContentHasher(["crc32c"]);

        hasher.Append(new byte[32]);

        Assert.Equal("8a9136aa", hasher.Finish().Find("crc32c")?.Hex);
    }

    [Theory]
    [InlineData("crc32c")]
    [InlineData("sha512")]
    [InlineData(ContentHasher.Blake2b512)]
    public void Append_InOddPieces_IsTheSameAsAtOnce(string algorithm)
    {
        var content = Enumerable.Range(0, 1000).Select(i => (byte)i).ToArray();
        using var whole = new ContentHasher([algorithm]);
        using var pieces = new ContentHasher([algorithm]);

        whole.Append(content);
        foreach (var piece in content.Chunk(7))
            pieces.Append(piece);

        Assert.Equal(whole.Finish().FindHash(algorithm), pieces.Finish().FindHash(algorithm));
    }

    [Fact]
    public void Restart_AfterContent_ForgetsIt()
    {
        using var hasher = new ContentHasher([]);
        hasher.Append("something"u8);

        hasher.Restart();
        hasher.Append("abc"u8);
        var digests = hasher.Finish();

        Assert.Equal(3, digests.Length);
        Assert.StartsWith("ba7816bf", digests.Sha256.Hex, StringComparison.Ordinal);
    }
}
