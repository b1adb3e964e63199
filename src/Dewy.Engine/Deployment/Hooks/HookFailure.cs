namespace Dewy.Engine.Deployment.Hooks;

/// <summary>A failed hook as the error that stops a deployment (<c>--on-hook-failure abort</c>).</summary>
internal static class HookFailure
{
    public static DewyException From(HookResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var name = HookNames.Of(result.Kind);
        return new DewyException(result.TimedOut ? ErrorCode.HookTimeout : ErrorCode.HookFailed, result.Error ?? $"The {name} hook failed.")
        {
            Phase = $"{name}-hook",
            Target = result.Command,
            NextStep = result.TimedOut
                ? "Find out what the hook waits for, or raise --hook-timeout."
                : "Read the hook's output, and run its command by hand in the root.",
        };
    }
}
