using Dewy.Engine.Artifacts.Hashing;
using Dewy.Engine.Artifacts.Verification.Signatures;

namespace Dewy.Engine.Artifacts.Verification;

/// <summary>What an artifact must turn out to be, collected before it is fetched.</summary>
internal sealed class VerificationPlan(IReadOnlyList<Voucher> vouchers, DetachedSignature? signature)
{
    /// <summary>Hashes needed to carry it out.</summary>
    public IReadOnlyCollection<string> Algorithms { get; } =
        [.. vouchers.Select(voucher => voucher.Expected.Algorithm).Concat(signature?.Algorithms ?? []).Distinct(StringComparer.Ordinal)];

    /// <summary>Identity of the key whose signature is demanded; null where none is.</summary>
    public string? KeyId => signature?.KeyId;

    /// <summary>Holds the content to all that was stated.</summary>
    /// <returns>What vouched for it; empty where nobody stated anything.</returns>
    /// <exception cref="DewyException"><see cref="ErrorCode.ChecksumMismatch"/> or <see cref="ErrorCode.SignatureMismatch"/>.</exception>
    public IReadOnlyList<string> Verify(string artifactName, string path, ContentDigests digests)
    {
        foreach (var (expected, by) in vouchers)
        {
            var actual = digests.Find(expected.Algorithm);
            if (actual != expected)
                throw Mismatch(artifactName, expected, by, actual);
        }

        signature?.Verify(artifactName, path, digests);
        var names = vouchers.Select(voucher => voucher.By).Distinct(StringComparer.Ordinal);
        return signature is null ? [.. names] : [.. names, signature.FileName];
    }

    private static DewyException Mismatch(string artifactName, Digest expected, string by, Digest? actual) =>
        new(ErrorCode.ChecksumMismatch, $"{artifactName} is not what {by} says: {expected} expected, {actual?.ToString() ?? "nothing computed"} found.")
        {
            Phase = "fetch",
            Target = artifactName,
            NextStep = "Do not deploy this file: find out why it differs, and publish artifact and checksum anew.",
        };
}
