namespace Dewy.Engine.Artifacts.Verification;

/// <summary>A digest somebody stated for an artifact.</summary>
/// <param name="Expected">What was stated.</param>
/// <param name="By">Who: a checksum file's name, or <c>registry</c>.</param>
internal sealed record Voucher(Digest Expected, string By);
