namespace Dewy.Engine.Composition.Definitions;

/// <summary>What serves, where, and how it is looked after: the same for a program and for containers.</summary>
internal static class HealthDefinitions
{
    public static IReadOnlyList<OptionDefinition> All { get; } = ((OptionDefinition[])
    [
        new()
        {
            Name = "port",
            ShortName = 'p',
            Kind = OptionKind.Address,
            Group = OptionGroup.Health,
            Repeatable = true,
            ValueName = "address",
            Help = "Where to listen: 8000, a list or range (8000,8100-8103), 127.0.0.1:8000, [::1]:8000 or the absolute path of a Unix socket. In container mode 8000:8080 names the port inside the container as well, and 8000 is the default.",
            Apply = (options, input) => options with { Listen = PortText.Parse(input.Values, namesTarget: options.Mode == DeploymentMode.Container) },
        },
        Define.Text("health-path", OptionGroup.Health, "path",
            "Path that must answer 2xx on the first port before a new version counts as healthy, such as /health.",
            (options, value) => !value.StartsWith('/')
                ? throw new FormatException($"'{value}' does not begin with a slash")
                : With(options, server => server with { HealthPath = value }, replicas => replicas with { HealthPath = value })),
        Define.Duration("health-timeout", OptionGroup.Health, "30s", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1),
            "How long a new version may take to become healthy.",
            (options, value) => With(options, server => server with { HealthTimeout = value }, replicas => replicas with { HealthTimeout = value })),
        Define.Duration("watch-time", OptionGroup.Health, "60s", TimeSpan.Zero, TimeSpan.FromDays(1),
            "How long after going live a release that ends by itself, or stops answering, is rolled back.",
            (options, value) => With(options, server => server with { WatchTime = value }, replicas => replicas with { WatchTime = value })),
        Define.Switch("no-rollback", OptionGroup.Health,
            "Leave a misbehaving release live instead of putting the previous one back.",
            (options, value) => With(options, server => server with { Rollback = !value }, replicas => replicas with { Rollback = !value })),
        Define.Choice("on-exit", OptionGroup.Health, "stop", ["stop", "leave"],
            "What becomes of what runs when the agent ends. leave: it goes on, and the next agent takes it over.",
            (options, value) => With(options, server => server with { LeaveOnExit = value is "leave" }, replicas => replicas with { LeaveOnExit = value is "leave" })),
    ]).Select(definition => definition with { Modes = [DeploymentMode.Server, DeploymentMode.Container] }).ToArray();

    private static ApplicationOptions With(ApplicationOptions options, Func<Processes.ServerOptions, Processes.ServerOptions> server, Func<Replicas.ReplicaOptions, Replicas.ReplicaOptions> replicas) =>
        options with
        {
            Server = options.Server is null ? null : server(options.Server),
            Replicas = options.Replicas is null ? null : replicas(options.Replicas),
        };
}
