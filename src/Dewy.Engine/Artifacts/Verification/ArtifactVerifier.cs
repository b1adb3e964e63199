using Dewy.Engine.Artifacts.Caching;
using Dewy.Engine.Artifacts.Verification.Signatures;
using Dewy.Engine.Releases;

namespace Dewy.Engine.Artifacts.Verification;

/// <summary>
/// Collects everything a source offers that vouches for an artifact: digests the registry states, checksum files and,
/// where a key is given, a signature. It fails closed: what cannot be read or understood refuses the artifact.
/// </summary>
internal sealed class ArtifactVerifier(ArtifactOptions options, TimeProvider timeProvider)
{
    /// <summary>Name of the registry itself among <see cref="CachedArtifact.VerifiedBy"/>.</summary>
    public const string Registry = "registry";

    /// <summary>More checksum files than this beside one artifact are not read.</summary>
    private const int MaxChecksumFiles = 16;

    private readonly SmallFileReader _reader = new(timeProvider);

    /// <summary>Identity of the key that must have signed; null where none is demanded.</summary>
    public string? DemandedKeyId => options.VerifyKey is { } path ? SignatureKey.Load(path).Id : null;

    /// <summary>Reads the checksum files and the signature of an artifact.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.ChecksumMissing"/>, <see cref="ErrorCode.SignatureMismatch"/>, or the registry's failure.</exception>
    public async Task<VerificationPlan> PrepareAsync(ArtifactRequest request, CancellationToken cancellationToken)
    {
        var key = options.VerifyKey is { } path ? SignatureKey.Load(path) : null;
        var signature = key is null ? null : await ReadSignatureAsync(key, request, cancellationToken);
        var vouchers = options.VerifyChecksum == ChecksumPolicy.Off ? [] : await CollectAsync(request, cancellationToken);
        if (options.VerifyChecksum == ChecksumPolicy.Required && vouchers.Count == 0 && signature is null)
            throw NothingVouches(request);
        return new VerificationPlan(vouchers, signature);
    }

    /// <summary>The failure of a policy that demands a checksum where there is none.</summary>
    public static DewyException NothingVouches(string artifactName, string? target) =>
        new(ErrorCode.ChecksumMissing, $"Nothing vouches for {artifactName}: the registry states no digest and has no checksum file for it.")
        {
            Phase = "fetch",
            Target = target,
            NextStep = $"Publish {artifactName}.sha256 beside it, or set --verify-checksum auto.",
        };

    private static DewyException NothingVouches(ArtifactRequest request) => NothingVouches(request.Asset.Name, request.Asset.Location.ToString());

    private async Task<IReadOnlyList<Voucher>> CollectAsync(ArtifactRequest request, CancellationToken cancellationToken)
    {
        var vouchers = request.Asset.Digests.Select(digest => new Voucher(digest, Registry)).ToList();
        foreach (var file in ChecksumFileNames.Among(request.Files, request.Asset.Name).Take(MaxChecksumFiles))
        {
            DemandComplete(file, request.Asset, ErrorCode.ChecksumMissing);
            var content = await _reader.ReadAsync(request.Source, file, ChecksumFile.MaxSize, cancellationToken);
            var digests = ChecksumFile.Parse(file.Name, content).DigestsOf(request.Asset.Name, ChecksumFileNames.IsBeside(file.Name, request.Asset.Name));
            vouchers.AddRange(digests.Select(digest => new Voucher(digest, file.Name)));
        }

        return vouchers;
    }

    private async Task<DetachedSignature> ReadSignatureAsync(SignatureKey key, ArtifactRequest request, CancellationToken cancellationToken)
    {
        var name = request.Asset.Name + key.FileSuffix;
        var file = request.Files.FirstOrDefault(candidate => string.Equals(candidate.Name, name, StringComparison.Ordinal))
            ?? request.Files.FirstOrDefault(candidate => string.Equals(candidate.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw SignatureFailure.Missing(request.Asset.Name, name);
        DemandComplete(file, request.Asset, ErrorCode.SignatureMismatch);
        return key.Parse(file.Name, await _reader.ReadAsync(request.Source, file, DetachedSignature.MaxFileSize, cancellationToken));
    }

    private static void DemandComplete(ReleaseAsset file, ReleaseAsset artifact, ErrorCode code)
    {
        if (file.Complete)
            return;
        throw new DewyException(code, $"{file.Name}, which vouches for {artifact.Name}, is still being uploaded.")
        {
            Phase = "fetch",
            Target = file.Location.ToString(),
            NextStep = "Wait for the upload to end, or upload the file again.",
        };
    }
}
