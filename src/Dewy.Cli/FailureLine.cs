using Dewy.Engine.Diagnostics;

namespace Dewy.Cli;

/// <summary>A failure as one line: what, why, and what to do.</summary>
internal static class FailureLine
{
    public static string Of(string caller, Exception failure, SecretRedactor redactor)
    {
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
