namespace Dewy.Cli.Help;

/// <summary>Help that several pages share.</summary>
internal static class CommonHelp
{
    public static HelpSection ExitCodes { get; } = new("Exit codes",
    [
        new("0", "It worked."),
        new("1", "It failed."),
        new("2", "The command line, an environment variable or the configuration file is wrong."),
        new("3", "The registry or the network failed."),
        new("4", "The deployment failed; what was live before still is, or is again."),
        new("5", "Another agent holds the root."),
    ]);

    public static HelpSection ChecksExitCodes { get; } = new("Exit codes",
    [
        new("0", "Everything passed, warnings included."),
        new("1", "Something failed; the first failure says which code it is."),
        new("2", "An option, an environment variable or the configuration file is wrong."),
        new("3", "The registry or the network failed, or the registry has nothing that fits."),
        new("5", "Another agent holds what this one would need."),
    ]);

    public static HelpSection SignalsOfSeveral { get; } = new("Signals",
    [
        new("HUP", "Every application looks at its registry now and restarts what runs gracefully."),
        new("USR1", "The same, with a notification."),
        new("TERM, INT, QUIT", "All of them stop, at the same time. Asked again after two seconds: end at once."),
    ]);

    public static HelpSection Values { get; } = new("How values are written",
    [
        new("duration", "30 (seconds), 30s, 5m, 1h30m, 500ms, 2d"),
        new("size", "500MB (powers of 1000), 4GiB (powers of 1024), or a number of bytes"),
        new("several values", "Give the flag again. In an environment variable: separated by ;. In a file: [\"a\", \"b\"]."),
        new("in a file", "${env:NAME} and ${file:/path} stand for a variable and a file's content; $${ for ${ itself."),
        new("precedence", "Flag, then environment variable, then configuration file, then default."),
    ]);
}
