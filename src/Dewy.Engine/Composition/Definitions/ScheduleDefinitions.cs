using Dewy.Engine.Agent;

namespace Dewy.Engine.Composition.Definitions;

/// <summary>When the agent looks and when it may act.</summary>
internal static class ScheduleDefinitions
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    public static IReadOnlyList<OptionDefinition> All { get; } =
    [
        Define.Duration("interval", OptionGroup.Schedule, "10s", TimeSpan.FromSeconds(1), Day,
            "Time between two looks at the registry, give or take 10 %.",
            (options, value) => options with { Agent = options.Agent with { Interval = value } }) with { ShortName = 'i' },
        Define.Duration("grace-period", OptionGroup.Schedule, "30m", TimeSpan.Zero, Year,
            "How long a new release may lack an artifact for this host without that being an error.",
            (options, value) => options with { Agent = options.Agent with { GracePeriod = value } }),
        Define.Duration("min-age", OptionGroup.Schedule, "0", TimeSpan.Zero, Year,
            "Leave releases younger than this alone.",
            (options, value) => options with { Agent = options.Agent with { MinimumAge = value } }),
        Define.List("window", OptionGroup.Schedule, "window",
            "Deploy only inside this window of local time, such as \"Mon-Fri 09:00-17:00\". Rollbacks and restarts are never held back.",
            (options, values) => options with { Agent = options.Agent with { Windows = [.. values.Select(DeploymentWindow.Parse)] } }) with { Default = "always" },
        Define.Switch("no-downgrade", OptionGroup.Schedule,
            "Stay where the newest release in the registry is older than the live one.",
            (options, value) => options with { Agent = options.Agent with { AllowDowngrade = !value } }),
    ];
}
