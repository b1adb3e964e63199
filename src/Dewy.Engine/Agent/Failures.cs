using Dewy.Engine.Files;

namespace Dewy.Engine.Agent;

/// <summary>Any failure as one a user can act on.</summary>
internal static class Failures
{
    /// <param name="exception">What was caught at the root of a task.</param>
    /// <param name="phase">The phase it happened in, where the exception does not say.</param>
    /// <param name="target">What was being worked on, where the exception does not say.</param>
    public static DewyException Explain(Exception exception, string? phase, string? target) => exception switch
    {
        DewyException { Phase: not null } known => known,
        DewyException known => new DewyException(known.Code, known.Message, known.InnerException)
        {
            Phase = phase,
            Target = known.Target ?? target,
            NextStep = known.NextStep,
            RetryAfter = known.RetryAfter,
        },
        OperationCanceledException => new DewyException(ErrorCode.Timeout, $"{phase ?? "The cycle"} took longer than its time limit.", exception)
        {
            Phase = phase,
            Target = target,
            NextStep = "Look at what it waits for; the log of the agent names the last step.",
        },
        _ => DiskFailure.Explain(exception, target ?? "the root", phase)
            ?? new DewyException(ErrorCode.Unexpected, $"{exception.GetType().Name}: {exception.Message}", exception)
            {
                Phase = phase,
                Target = target,
                NextStep = "This is a defect of Dewy: please report it with the log at --log-level debug.",
            },
    };
}
