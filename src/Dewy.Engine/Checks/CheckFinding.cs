namespace Dewy.Engine.Checks;

/// <summary>What a look at one thing found.</summary>
internal sealed record CheckFinding(CheckResult Result, string Message)
{
    public string? NextStep { get; init; }

    public ErrorCode? Code { get; init; }

    public static CheckFinding Passed(string message) => new(CheckResult.Passed, message);

    public static CheckFinding Warning(string message, string? nextStep = null) => new(CheckResult.Warning, message) { NextStep = nextStep };

    public static CheckFinding Skipped(string message) => new(CheckResult.Skipped, message);

    public static CheckFinding Failed(ErrorCode code, string message, string? nextStep = null) => new(CheckResult.Failed, message) { Code = code, NextStep = nextStep };

    /// <summary>What an agent would fail with.</summary>
    public static CheckFinding Failed(DewyException failure) => Failed(failure.Code, failure.Message, failure.NextStep);
}
