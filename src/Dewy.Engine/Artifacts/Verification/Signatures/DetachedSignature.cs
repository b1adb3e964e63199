using Dewy.Engine.Artifacts.Hashing;

namespace Dewy.Engine.Artifacts.Verification.Signatures;

/// <summary>A signature beside an artifact, read and of the right key, not yet held against the content.</summary>
internal abstract class DetachedSignature
{
    /// <summary>Largest signature file in bytes that is read.</summary>
    public const int MaxFileSize = 64 << 10;

    /// <summary>Its file's name.</summary>
    public required string FileName { get; init; }

    /// <summary>The key it is of, as <see cref="SignatureKey.Id"/>.</summary>
    public required string KeyId { get; init; }

    /// <summary>Hashes of the content it needs.</summary>
    public abstract IReadOnlyCollection<string> Algorithms { get; }

    /// <summary>Holds the content against the signature.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.SignatureMismatch"/>.</exception>
    public void Verify(string artifactName, string path, ContentDigests digests)
    {
        if (!Fits(path, digests))
            throw SignatureFailure.Wrong(FileName, $"it is not a signature of this {artifactName} by the key given");
    }

    protected abstract bool Fits(string path, ContentDigests digests);
}
