using System.Security.Cryptography;
using System.Text;
using Dewy.Engine.Artifacts.Hashing;
using Dewy.Engine.Artifacts.Verification.Signatures;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Artifacts.Verification;

/// <summary>Against keys and signatures made with minisign 0.11 and OpenSSL 3.</summary>
public sealed class SignatureTests : IDisposable
{
    private const string Name = "app.tar.gz";

    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string, string, string> Samples => new()
    {
        { SignatureSamples.MinisignKey, ".minisig", SignatureSamples.MinisignHashed },
        { SignatureSamples.MinisignKey, ".minisig", SignatureSamples.MinisignLegacy },
        { SignatureSamples.CosignKey, ".sig", SignatureSamples.CosignSignature },
    };

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Verify_ContentThatWasSigned_Passes(string key, string suffix, string signature)
    {
        var loaded = Key(key);

        Assert.Equal(suffix, loaded.FileSuffix);
        await VerifyAsync(loaded.Parse(Name + suffix, Encoding.UTF8.GetBytes(signature)), SignatureSamples.Content);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Verify_OtherContent_IsRefusedAndNamesTheSignature(string key, string suffix, string signature)
    {
        var parsed = Key(key).Parse(Name + suffix, Encoding.UTF8.GetBytes(signature));

        var failure = await Assert.ThrowsAsync<DewyException>(() => VerifyAsync(parsed, SignatureSamples.Content + "!"));

        Assert.Equal(ErrorCode.SignatureMismatch, failure.Code);
        Assert.Equal(Name + suffix, failure.Target);
    }

    [Fact]
    public async Task Verify_CosignSignatureOfAnotherKey_IsRefused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parsed = Key(other.ExportSubjectPublicKeyInfoPem()).Parse(Name + ".sig", Encoding.UTF8.GetBytes(SignatureSamples.CosignSignature));

        Assert.Equal(ErrorCode.SignatureMismatch, (await Assert.ThrowsAsync<DewyException>(() => VerifyAsync(parsed, SignatureSamples.Content))).Code);
    }

    [Fact]
    public async Task Verify_LinesEndInCrLf_Passes() =>
        await VerifyAsync(
            Key(SignatureSamples.MinisignKey.ReplaceLineEndings("\r\n")).Parse(Name + ".minisig", Encoding.UTF8.GetBytes(SignatureSamples.MinisignHashed.ReplaceLineEndings("\r\n"))),
            SignatureSamples.Content);

    [Fact]
    public void Parse_MinisignOfAnotherKey_SaysSo()
    {
        var failure = Refused(SignatureSamples.MinisignKey, SignatureSamples.MinisignOther);

        Assert.Contains("another key", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_TrustedCommentChanged_IsRefused()
    {
        var failure = Refused(SignatureSamples.MinisignKey, SignatureSamples.MinisignHashed.Replace("timestamp:1", "timestamp:2", StringComparison.Ordinal));

        Assert.Contains("trusted comment", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("untrusted comment: x\n!!!\ntrusted comment: y\n!!!\n")]
    [InlineData("a\nb\nc\nd\ne\n")]
    public void Parse_NoMinisignSignature_IsRefused(string content) => Refused(SignatureSamples.MinisignKey, content);

    [Fact]
    public void Parse_NoCosignSignature_IsRefused() => Refused(SignatureSamples.CosignKey, "<html>");

    [Fact]
    public async Task Verify_CosignSignatureOfNonsenseBytes_IsRefused()
    {
        var parsed = Key(SignatureSamples.CosignKey).Parse(Name + ".sig", Encoding.UTF8.GetBytes(Convert.ToBase64String([1, 2, 3])));

        Assert.Equal(ErrorCode.SignatureMismatch, (await Assert.ThrowsAsync<DewyException>(() => VerifyAsync(parsed, SignatureSamples.Content))).Code);
    }

    [Theory]
    [InlineData("nothing of a key")]
    [InlineData("")]
    [InlineData(SignatureSamples.P384Key)]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")]
    [InlineData("-----BEGIN PUBLIC KEY-----\n!")]
    public void Load_NoUsableKey_IsAnInvalidOptionThatNamesTheFile(string text)
    {
        var failure = Assert.Throws<DewyException>(() => Key(text));

        Assert.Equal(ErrorCode.InvalidOption, failure.Code);
        Assert.Contains(_directory.Combine("key.pub"), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoSuchFile_IsAnInvalidOption() =>
        Assert.Equal(ErrorCode.InvalidOption, Assert.Throws<DewyException>(() => SignatureKey.Load(_directory.Combine("missing"))).Code);

    private DewyException Refused(string key, string signature)
    {
        var loaded = Key(key);
        var failure = Assert.Throws<DewyException>(() => loaded.Parse(Name + loaded.FileSuffix, Encoding.UTF8.GetBytes(signature)));
        Assert.Equal(ErrorCode.SignatureMismatch, failure.Code);
        return failure;
    }

    private SignatureKey Key(string text)
    {
        File.WriteAllText(_directory.Combine("key.pub"), text);
        return SignatureKey.Load(_directory.Combine("key.pub"));
    }

    private async Task VerifyAsync(DetachedSignature signature, string content)
    {
        var path = _directory.Combine(Name);
        await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);
        signature.Verify(Name, path, await FileDigests.ComputeAsync(path, signature.Algorithms, TestContext.Current.CancellationToken));
    }
}
