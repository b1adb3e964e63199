using Dewy.Engine.Processes;

namespace Dewy.Engine.Composition.Definitions;

/// <summary>The supervised program.</summary>
internal static class ServerDefinitions
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static IReadOnlyList<OptionDefinition> All { get; } = ((OptionDefinition[])
    [
        Define.Choice("handoff", OptionGroup.Server, OperatingSystem.IsWindows() ? "proxy" : "socket", ["socket", "proxy"],
            "How ports go from one version to the next. socket: the program inherits them (SERVER_STARTER_PORT, LISTEN_FDS); proxy: the built-in proxy holds them, and the program listens where PORT (and {port} in its arguments) says.",
            (options, value) => With(options, server => server with { BehindProxy = value is "proxy" })),
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
        Define.List("command", OptionGroup.Server, "program",
            "The program and its arguments, started in the root.",
            (options, values) => With(options, server => server with { Command = values })) with
        {
            IsFlag = false,

            // Hooks find the mode's name in DEWY_COMMAND; a dewy started by a hook must not take it for a program.
            FromEnvironment = false,

            // Unlike other lists, an empty argument is a legitimate one.
            MayBeBlank = true,
            Apply = (options, input) => With(options, server => server with { Command = [OptionInput.NotEmpty(input.Values[0]), .. input.Values.Skip(1)] }),
        },
    ]).Select(definition => definition with { Modes = [DeploymentMode.Server] }).ToArray();

    private static ApplicationOptions With(ApplicationOptions options, Func<ServerOptions, ServerOptions> change) =>
        options.Server is null ? options : options with { Server = change(options.Server) };
}
