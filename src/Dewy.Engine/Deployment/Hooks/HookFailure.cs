using Dewy.Engine.Processes;

namespace Dewy.Engine.Deployment.Hooks;

/// <summary>A failed hook as the error that stops a deployment (<c>--on-hook-failure abort</c>), with its last output.</summary>
internal static class HookFailure
{
    public static DewyException From(HookResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var name = HookNames.Of(result.Kind);
        return new DewyException(result.TimedOut ? ErrorCode.HookTimeout : ErrorCode.HookFailed, (result.Error ?? $"The {name} hook failed.") + LastWords(result))
        {
            Phase = "before-hook",
            Target = result.Command,
            NextStep = result.TimedOut
                ? "Find out what the hook waits for, or raise --hook-timeout; without --on-hook-failure abort the release is deployed all the same."
                : "Mend what the hook found, or the hook; without --on-hook-failure abort the release is deployed all the same.",
        };
    }

    private static string LastWords(HookResult result)
    {
        var lines = new LastLines();
        foreach (var line in (result.StandardOutput + result.StandardError).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
            lines.Add(line);
        return lines.ToString() is { Length: > 0 } text ? $" Its last output:\n{text}" : "";
    }
}
