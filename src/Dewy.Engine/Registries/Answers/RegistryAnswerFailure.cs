namespace Dewy.Engine.Registries.Answers;

/// <summary>How the registry failed the host that asked.</summary>
/// <param name="Code">The failure's stable code, by name.</param>
/// <param name="Message">One sentence, without secrets.</param>
/// <param name="NextStep">What to do.</param>
/// <param name="Target">The registry's URL without secrets.</param>
/// <param name="RetryAfterSeconds">How long the registry asked to be left alone.</param>
internal sealed record RegistryAnswerFailure(string Code, string Message, string? NextStep, string? Target, double? RetryAfterSeconds)
{
    public static RegistryAnswerFailure Of(DewyException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new RegistryAnswerFailure(exception.Code.ToString(), exception.Message, exception.NextStep, exception.Target, exception.RetryAfter?.TotalSeconds);
    }

    public DewyException ToException() =>
        new(Enum.TryParse<ErrorCode>(Code, out var code) ? code : ErrorCode.RegistryUnavailable, Message)
        {
            Phase = "check",
            Target = Target,
            NextStep = NextStep,
            RetryAfter = RetryAfterSeconds is >= 0 and < 1e6 and var seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
}
