using System.Security.Cryptography;
using System.Text;
using Dewy.Engine.Artifacts;
using Dewy.Engine.Artifacts.Caching;
using Dewy.Engine.Artifacts.Hashing;
using Dewy.Engine.Artifacts.Verification;
using Dewy.Engine.Releases;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Artifacts.Verification;

public sealed class ArtifactVerifierTests : IDisposable
{
    private const string Name = "app.tar.gz";

    private readonly TemporaryDirectory _directory = new();
    private readonly ScriptedReleaseSource _source = new();
    private readonly byte[] _content = Encoding.UTF8.GetBytes(SignatureSamples.Content);
    private readonly List<ReleaseAsset> _files = [];

    private string Hex => Convert.ToHexStringLower(SHA256.HashData(_content));

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Auto_NothingOffered_PassesWithoutVoucher() => Assert.Empty(await VerifyAsync(ChecksumPolicy.Auto));

    [Fact]
    public async Task Auto_EverythingOffered_VerifiesAllOfIt()
    {
        Offer("app.tar.gz.sha256", Hex);
        Offer("SHA512SUMS", $"{Convert.ToHexStringLower(SHA512.HashData(_content))}  {Name}\n");
        Offer("app_1.0_checksums.txt", $"{new string('0', 64)}  other\n{Hex}  {Name}\n");
        Offer("other.tar.gz.sha256", new string('0', 64));

        var by = await VerifyAsync(ChecksumPolicy.Auto, Digest.Parse($"sha256:{Hex}"));

        Assert.Equal("registry app.tar.gz.sha256 SHA512SUMS app_1.0_checksums.txt", string.Join(' ', by));
    }

    [Theory]
    [InlineData("app.tar.gz.sha256", "{0}")]
    [InlineData("app.tar.gz.SHA256SUM", "{0}  app.tar.gz")]
    [InlineData("checksums.txt", "{0}  app.tar.gz")]
    public async Task Auto_OneOfSeveralDoesNotFit_IsAMismatchThatNamesIt(string fileName, string form)
    {
        Offer(fileName, string.Format(null, form, new string('a', 64)));

        var failure = await Assert.ThrowsAsync<DewyException>(() => VerifyAsync(ChecksumPolicy.Auto, Digest.Parse($"sha256:{Hex}")));

        Assert.Equal(ErrorCode.ChecksumMismatch, failure.Code);
        Assert.Contains(fileName, failure.Message, StringComparison.Ordinal);
        Assert.Contains(Hex, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("crc32c:00000001")]
    [InlineData("md5:00000000000000000000000000000000")]
    [InlineData("sha1:0000000000000000000000000000000000000000")]
    public async Task Auto_RegistryStatesAnotherDigest_IsAMismatch(string stated)
    {
        var failure = await Assert.ThrowsAsync<DewyException>(() => VerifyAsync(ChecksumPolicy.Auto, Digest.Parse(stated)));

        Assert.Equal(ErrorCode.ChecksumMismatch, failure.Code);
    }

    [Fact]
    public async Task Auto_ListWithoutTheArtifact_IsAnError()
    {
        Offer("checksums.txt", $"{Hex}  other.zip\n{Hex}  third.zip\n");

        Assert.Equal(ErrorCode.ChecksumMissing, (await Assert.ThrowsAsync<DewyException>(() => VerifyAsync(ChecksumPolicy.Auto))).Code);
    }

    [Fact]
    public async Task Auto_ChecksumFileCannotBeRead_FailsClosed()
    {
        Offer("app.tar.gz.sha256", Hex);
        _source.OnOpen = (_, _) => throw new DewyException(ErrorCode.RegistryUnavailable, "Down.");

        Assert.Equal(ErrorCode.RegistryUnavailable, (await Assert.ThrowsAsync<DewyException>(() => VerifyAsync(ChecksumPolicy.Auto))).Code);
        Assert.Equal(4, _source.Opens.Count);
    }

    [Fact]
    public async Task Auto_EndlessChecksumFile_StopsAtItsLimit()
    {
        Offer("app.tar.gz.sha256", Hex);
        _files[0] = _files[0] with { Size = null };
        _source.OnOpen = (_, _) => new Dewy.Engine.Registries.ArtifactContent { Stream = ScriptedStream.Generated() };

        Assert.Equal(ErrorCode.DownloadTooLarge, (await Assert.ThrowsAsync<DewyException>(() => VerifyAsync(ChecksumPolicy.Auto))).Code);
    }

    [Fact]
    public async Task Auto_ChecksumFileStillUploading_IsAnError()
    {
        Offer("app.tar.gz.sha256", Hex);
        _files[0] = _files[0] with { Complete = false };

        Assert.Equal(ErrorCode.ChecksumMissing, (await Assert.ThrowsAsync<DewyException>(() => VerifyAsync(ChecksumPolicy.Auto))).Code);
    }

    [Fact]
    public async Task Required_NothingOffered_IsMissingBeforeAnythingIsFetched()
    {
        var failure = await Assert.ThrowsAsync<DewyException>(() => PrepareAsync(new ArtifactOptions { VerifyChecksum = ChecksumPolicy.Required }));

        Assert.Equal(ErrorCode.ChecksumMissing, failure.Code);
        Assert.NotNull(failure.NextStep);
        Assert.Empty(_source.Opens);
    }

    [Fact]
    public async Task Required_RegistryDigest_IsEnough() =>
        Assert.Equal(ArtifactVerifier.Registry, Assert.Single(await VerifyAsync(ChecksumPolicy.Required, Digest.Parse($"sha256:{Hex}"))));

    [Fact]
    public async Task Off_WrongChecksumsOffered_AreNotLookedAt()
    {
        Offer("app.tar.gz.sha256", new string('0', 64));

        Assert.Empty(await VerifyAsync(ChecksumPolicy.Off, Digest.Parse("md5:00000000000000000000000000000000")));
        Assert.Empty(_source.Opens);
    }

    [Fact]
    public async Task Key_SignatureBesideTheArtifact_IsVerifiedEvenWithChecksumsOff()
    {
        Offer("app.tar.gz.minisig", SignatureSamples.MinisignHashed);

        var by = await VerifyAsync(WithKey(SignatureSamples.MinisignKey, ChecksumPolicy.Off));

        Assert.Equal("app.tar.gz.minisig", Assert.Single(by));
    }

    [Theory]
    [InlineData(SignatureSamples.MinisignKey, "app.tar.gz.minisig")]
    [InlineData(SignatureSamples.CosignKey, "app.tar.gz.sig")]
    public async Task Key_NoSignature_IsRefusedAndSaysWhichFileIsMissing(string key, string missing)
    {
        var failure = await Assert.ThrowsAsync<DewyException>(() => PrepareAsync(WithKey(key)));

        Assert.Equal(ErrorCode.SignatureMismatch, failure.Code);
        Assert.Contains(missing, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_SignatureOfOtherContent_IsRefused()
    {
        Offer("app.tar.gz.sig", Convert.ToBase64String(RandomNumberGenerator.GetBytes(70)));

        var failure = await Assert.ThrowsAsync<DewyException>(() => VerifyAsync(WithKey(SignatureSamples.CosignKey)));

        Assert.Equal(ErrorCode.SignatureMismatch, failure.Code);
        Assert.Equal("app.tar.gz.sig", failure.Target);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private void Offer(string name, string content) => _files.Add(_source.Add(name, content));

    private ArtifactOptions WithKey(string key, ChecksumPolicy policy = ChecksumPolicy.Auto)
    {
        File.WriteAllText(_directory.Combine("key.pub"), key);
        return new ArtifactOptions { VerifyKey = _directory.Combine("key.pub"), VerifyChecksum = policy };
    }

    private Task<VerificationPlan> PrepareAsync(ArtifactOptions options, params Digest[] stated)
    {
        var asset = _source.Add(Name, _content, stated);
        return new ArtifactVerifier(options, new ImpatientTimeProvider()).PrepareAsync(
            new ArtifactRequest { Tag = "v1", Asset = asset, Files = [.. _files, asset], Source = _source },
            Token);
    }

    private Task<IReadOnlyList<string>> VerifyAsync(ChecksumPolicy policy, params Digest[] stated) => VerifyAsync(new ArtifactOptions { VerifyChecksum = policy }, stated);

    private async Task<IReadOnlyList<string>> VerifyAsync(ArtifactOptions options, params Digest[] stated)
    {
        var plan = await PrepareAsync(options, stated);
        var path = _directory.Combine(Name);
        await File.WriteAllBytesAsync(path, _content, Token);
        return plan.Verify(Name, path, await FileDigests.ComputeAsync(path, plan.Algorithms, Token));
    }
}
