using Dewy.Engine.Diagnostics;

namespace Dewy.Cli;

/// <summary>A failure as one line: what, why, and what to do. Only options that are wrong in several ways take more, one for each.</summary>
internal static class FailureLine
{
    public static string Of(string caller, Exception failure, SecretRedactor redactor)
    {
        if (failure is DewyException { ExitCode: ExitCode.Usage } wrong && wrong.Message.Contains('\n', StringComparison.Ordinal))
            return redactor.Redact($"{caller}: there is more than one thing wrong:\n{wrong.Message}\n{wrong.NextStep ?? $"See '{caller} --help'."}");

        var what = failure switch
        {
            DewyException { ExitCode: ExitCode.Usage, NextStep: null } known => $"{known.Message} See '{caller} --help'.",
            DewyException { NextStep: { } next } known => $"{known.Message} {next}",
            DewyException known => known.Message,
            _ => $"unexpected failure: {failure.GetType().Name}: {failure.Message} Please report this.",
        };
        return redactor.Redact($"{caller}: {what.ReplaceLineEndings(" ")}");
    }
}
