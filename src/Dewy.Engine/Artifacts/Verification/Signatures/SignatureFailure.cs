namespace Dewy.Engine.Artifacts.Verification.Signatures;

/// <summary>Why a signature refuses an artifact.</summary>
internal static class SignatureFailure
{
    public static DewyException Missing(string artifactName, string signatureName) =>
        new(ErrorCode.SignatureMismatch, $"{artifactName} is not signed: --verify-key demands {signatureName} beside it, and the release has no such file.")
        {
            Phase = "fetch",
            Target = signatureName,
            NextStep = $"Sign the artifact and publish {signatureName}, or leave --verify-key out.",
        };

    public static DewyException Wrong(string signatureName, string why, Exception? inner = null) =>
        new(ErrorCode.SignatureMismatch, $"{signatureName} does not verify: {why}.", inner)
        {
            Phase = "fetch",
            Target = signatureName,
            NextStep = "Do not deploy this file: check which key signed it and whether it was changed since.",
        };
}
