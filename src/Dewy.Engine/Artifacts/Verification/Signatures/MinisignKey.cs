using System.Text;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Dewy.Engine.Artifacts.Verification.Signatures;

/// <summary>A minisign public key: <c>Ed</c>, an 8-byte id, an Ed25519 key (the minisign manual, "Signature format").</summary>
internal sealed class MinisignKey : SignatureKey
{
    private const int KeyIdLength = 8;
    private const string TrustedCommentPrefix = "trusted comment: ";

    private readonly byte[] _keyId;
    private readonly byte[] _publicKey;

    private MinisignKey(byte[] encoded)
    {
        _keyId = encoded[2..(2 + KeyIdLength)];
        _publicKey = encoded[(2 + KeyIdLength)..];
        Id = Fingerprint("minisign", encoded);
    }

    public override string Id { get; }

    public override string FileSuffix => ".minisig";

    /// <summary>Reads a key file, with or without its comment line.</summary>
    /// <exception cref="FormatException">The text is no minisign public key.</exception>
    public static MinisignKey FromText(string text)
    {
        var line = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(candidate => !candidate.StartsWith("untrusted comment:", StringComparison.Ordinal));
        if (line is null || TryDecode(line, 2 + KeyIdLength + Ed25519.PublicKeySize) is not [(byte)'E', (byte)'d', ..] encoded)
            throw new FormatException("it is neither a minisign public key nor a PEM file");
        return new MinisignKey(encoded);
    }

    /// <summary>Reads a signature and checks what does not depend on the artifact: key id and the trusted comment's own signature.</summary>
    public override DetachedSignature Parse(string fileName, byte[] content)
    {
        if (Encoding.UTF8.GetString(content).Split('\n') is not [_, var first, var trusted, var second, ..])
            throw SignatureFailure.Wrong(fileName, "it does not have the four lines of a minisign signature");
        var encoded = TryDecode(first.TrimEnd('\r'), 2 + KeyIdLength + Ed25519.SignatureSize);
        var globalSignature = TryDecode(second.TrimEnd('\r'), Ed25519.SignatureSize);
        trusted = trusted.TrimEnd('\r');
        if (encoded is not [(byte)'E', (byte)'d' or (byte)'D', ..] || globalSignature is null || !trusted.StartsWith(TrustedCommentPrefix, StringComparison.Ordinal))
            throw SignatureFailure.Wrong(fileName, "it is not a minisign signature");
        if (!encoded.AsSpan(2, KeyIdLength).SequenceEqual(_keyId))
            throw SignatureFailure.Wrong(fileName, "it was made with another key than the one given");
        var signature = encoded[(2 + KeyIdLength)..];
        byte[] signedComment = [.. signature, .. Encoding.UTF8.GetBytes(trusted[TrustedCommentPrefix.Length..])];
        if (!Ed25519.Verify(globalSignature, 0, _publicKey, 0, signedComment, 0, signedComment.Length))
            throw SignatureFailure.Wrong(fileName, "its trusted comment was changed or is of another key");
        return new MinisignSignature(_publicKey, signature, prehashed: encoded[1] == (byte)'D') { FileName = fileName, KeyId = Id };
    }

    private static byte[]? TryDecode(string line, int length)
    {
        var bytes = new byte[length + 3]; // room to see that there is more than there should be
        return Convert.TryFromBase64String(line, bytes, out var written) && written == length ? bytes[..length] : null;
    }
}
