using Dewy.Engine.Processes;

namespace Dewy.Engine.Composition.Definitions;

/// <summary>The supervised program.</summary>
internal static class ServerDefinitions
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static IReadOnlyList<OptionDefinition> All { get; } = ((OptionDefinition[])
    [
        new()
        {
            Name = "port",
            ShortName = 'p',
            Kind = OptionKind.Address,
            Group = OptionGroup.Server,
            Repeatable = true,
            ValueName = "address",
            Help = "Where to listen: 8000, a list or range (8000,8100-8103), 127.0.0.1:8000, [::1]:8000 or the absolute path of a Unix socket. Bound once; every version inherits it.",
            Apply = (options, input) => With(options, server => server with { Listen = ListenAddress.ParseAll(input.Values) }),
        },
        Define.Choice("handoff", OptionGroup.Server, "socket", ["socket"],
            "How ports go from one version to the next. socket: the program inherits them (SERVER_STARTER_PORT, LISTEN_FDS).",
            (options, _) => options),
        Define.Text("health-path", OptionGroup.Server, "path",
            "Path that must answer 2xx on the first port before a new version counts as ready, such as /health.",
            (options, value) => value.StartsWith('/')
                ? With(options, server => server with { HealthPath = value })
                : throw new FormatException($"'{value}' does not begin with a slash")),
        Define.Duration("health-timeout", OptionGroup.Server, "30s", TimeSpan.FromMilliseconds(100), Hour,
            "How long a new version may take to become healthy.",
            (options, value) => With(options, server => server with { HealthTimeout = value })),
        Define.Duration("watch-time", OptionGroup.Server, "60s", TimeSpan.Zero, Day,
            "How long after going live a release that ends by itself is rolled back.",
            (options, value) => With(options, server => server with { WatchTime = value })),
        Define.Switch("no-rollback", OptionGroup.Server,
            "Leave a misbehaving release live instead of putting the previous one back.",
            (options, value) => With(options, server => server with { Rollback = !value })),
        Define.Duration("start-wait", OptionGroup.Server, "1s", TimeSpan.Zero, Hour,
            "How long a program that does not notify (READY=1) must stay alive to count as started.",
            (options, value) => With(options, server => server with { StartWait = value })),
        Define.Duration("kill-old-delay", OptionGroup.Server, "0", TimeSpan.Zero, Day,
            "How long the old version goes on after the new one is ready.",
            (options, value) => With(options, server => server with { KillOldDelay = value })),
        Define.Text("stop-signal", OptionGroup.Server, "signal",
            "Signal that asks a version to end: TERM, QUIT, INT, HUP, USR1, USR2 or WINCH.",
            (options, value) => With(options, server => server with { StopSignal = StopSignal.Parse(value) })) with { Default = "TERM" },
        Define.Duration("stop-timeout", OptionGroup.Server, "30s", TimeSpan.Zero, Day,
            "How long a version may take to end before it is killed.",
            (options, value) => With(options, server => server with { StopTimeout = value })),
        Define.Switch("overlap", OptionGroup.Server,
            "Without ports: start the new version before the old one is stopped.",
            (options, value) => With(options, server => server with { Overlap = value })),
        Define.Path("log-dir", OptionGroup.Server, "directory",
            "Write the program's output to files there instead of passing it on.",
            (options, value) => With(options, server => server with { LogDirectory = value })),
        Define.Choice("on-exit", OptionGroup.Server, "stop", ["stop", "leave"],
            "What becomes of the program when the agent ends. leave: it goes on, and the next agent takes it over.",
            (options, value) => With(options, server => server with { LeaveOnExit = value is "leave" })),
        Define.List("command", OptionGroup.Server, "program",
            "The program and its arguments, started in the root.",
            (options, values) => With(options, server => server with { Command = values })) with
        {
            IsFlag = false,

            // Hooks find the mode's name in DEWY_COMMAND; a dewy started by a hook must not take it for a program.
            FromEnvironment = false,

            // Unlike other lists, an empty argument is a legitimate one.
            Apply = (options, input) => With(options, server => server with { Command = [OptionInput.NotEmpty(input.Values[0]), .. input.Values.Skip(1)] }),
        },
    ]).Select(definition => definition with { Modes = [DeploymentMode.Server] }).ToArray();

    private static ApplicationOptions With(ApplicationOptions options, Func<ServerOptions, ServerOptions> change) =>
        options.Server is null ? options : options with { Server = change(options.Server) };
}
