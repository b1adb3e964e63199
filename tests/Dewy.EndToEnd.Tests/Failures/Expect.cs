using Dewy.EndToEnd.Tests.Hosting;
using Xunit;

namespace Dewy.EndToEnd.Tests.Failures;

/// <summary>What every failure a user meets must have: a code, the exit code of a command, the thing, the cause and a next step.</summary>
internal static class Expect
{
    /// <summary>That an action fails before anything was deployed.</summary>
    /// <param name="code">The code.</param>
    /// <param name="exitCode">What a command ends with.</param>
    /// <param name="parts">Texts the message must have.</param>
    /// <param name="action">The action.</param>
    public static async Task<DewyException> ThrownAsync(ErrorCode code, ExitCode exitCode, IReadOnlyList<string> parts, Func<Task> action)
    {
        var exception = await Assert.ThrowsAsync<DewyException>(action);
        Check(code, parts, exception.Code, exception.Message, exception.NextStep);
        Assert.Equal(exitCode, exception.ExitCode);
        return exception;
    }

    /// <summary>That the newest release cannot be deployed, and that the one before goes on as if nothing had been.</summary>
    /// <param name="application">The application; v1.0.0 is live in it.</param>
    /// <param name="code">The code.</param>
    /// <param name="phase">The phase.</param>
    /// <param name="parts">Texts the message must have.</param>
    /// <param name="options">Further options.</param>
    public static async Task<DeploymentError> FailedAsync(SampleApplication application, ErrorCode code, string phase, IReadOnlyList<string> parts, params (string Name, string Value)[] options)
    {
        var deployment = await application.DeployOnceAsync(options);

        Assert.Equal(DeploymentResult.Failed, deployment?.Result);
        var error = Assert.IsType<DeploymentError>(deployment?.Error);
        Check(code, parts, error.Code, error.Message, error.NextStep);
        Assert.Equal(phase, error.Phase);
        Assert.Equal(ExitCode.DeploymentFailed, new DewyException(error.Code, error.Message).ExitCode);
        Assert.Equal((deployment?.Id, error.Message), (application.History[0].Id, application.History[0].Error?.Message));
        Assert.Equal(error.Message, Assert.Single(application.State.Blocked).Reason);
        await Settled.WaitAsync(application, "v1.0.0", kept: ["v1.0.0"]);
        return error;
    }

    private static void Check(ErrorCode expected, IReadOnlyList<string> parts, ErrorCode code, string message, string? nextStep)
    {
        Assert.True(expected == code, $"{code}, not {expected}: {message}");
        foreach (var part in parts)
            Assert.Contains(part, message, StringComparison.Ordinal);
        if (code == ErrorCode.InvalidOption)
            return; // its message says what would be right

        Assert.NotNull(nextStep);
        Assert.EndsWith(".", nextStep, StringComparison.Ordinal);
    }
}
