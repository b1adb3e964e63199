using System.Security.Cryptography;
using Xunit;

namespace Dewy.Engine.Tests.Artifacts.Extraction;

/// <summary>What is extracted is what was verified.</summary>
public sealed class DigestTests
{
    private static readonly byte[] Tar = new TarBytes().File("f").End();

    [Theory]
    [InlineData("a.tar")]
    [InlineData("a.tar.gz")]
    [InlineData("a.zip")]
    public async Task ExtractAsync_ExpectedDigest_IsAccepted(string name)
    {
        using var extraction = new Extraction();
        var archive = Archive(name);

        var result = await extraction.RunAsync(extraction.Write(name, archive), Digest.Sha256(SHA256.HashData(archive)));

        Assert.Equal(Digest.Sha256(SHA256.HashData(archive)), result.Digest);
    }

    [Theory]
    [InlineData("a.tar")]
    [InlineData("a.tar.gz")]
    [InlineData("a.zip")]
    public async Task ExtractAsync_AnotherDigest_IsAMismatch(string name)
    {
        using var extraction = new Extraction();
        var path = extraction.Write(name, Archive(name));

        var refusal = await Assert.ThrowsAsync<DewyException>(() => extraction.RunAsync(path, Digest.Sha256(SHA256.HashData("other"u8))));

        Assert.Equal((ErrorCode.ChecksumMismatch, path), (refusal.Code, refusal.Target));
    }

    [Fact]
    public async Task ExtractAsync_DamagedAfterVerification_IsAMismatchRatherThanCorrupt()
    {
        using var extraction = new Extraction();
        var archive = Archive("a.tar.gz");
        var path = extraction.Write("a.tar.gz", archive[..^10]);

        var refusal = await Assert.ThrowsAsync<DewyException>(() => extraction.RunAsync(path, Digest.Sha256(SHA256.HashData(archive))));

        Assert.Equal(ErrorCode.ChecksumMismatch, refusal.Code);
    }

    [Fact]
    public async Task ExtractAsync_PublishedBroken_StaysCorruptWhenTheDigestFits()
    {
        using var extraction = new Extraction();
        var archive = Archive("a.tar.gz")[..^10];

        var refusal = await Assert.ThrowsAsync<DewyException>(() => extraction.RunAsync(extraction.Write("a.tar.gz", archive), Digest.Sha256(SHA256.HashData(archive))));

        Assert.Equal(ErrorCode.ArchiveCorrupt, refusal.Code);
    }

    private static byte[] Archive(string name) => name switch
    {
        "a.tar" => Tar,
        "a.zip" => new ZipBytes().File("f").End(),
        _ => Compressed.GZip(Tar),
    };
}
