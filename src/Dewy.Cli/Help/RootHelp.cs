namespace Dewy.Cli.Help;

/// <summary>Help for <c>dewy</c> itself.</summary>
internal static class RootHelp
{
    public static HelpPage Of(IReadOnlyList<ICommand> commands) => new("", "keeps an application at its newest release, without anyone pushing a button")
    {
        Usage = "dewy <command> [flags]",
        Text = "An agent polls a registry, downloads and verifies the newest release, deploys it into a root directory, replaces the running program without refusing a connection, and puts the previous release back where the new one is not healthy.",
        Sections =
        [
            new("Commands", [.. commands.Select(command => new HelpRow(command.Syntax.Name, Sentence(command.Help.Summary)))]),
            new("Flags",
            [
                new("-h, --help", "Help for dewy, or for the command before it."),
                new("-v, --version", "The version of dewy."),
            ]),
            CommonHelp.ExitCodes,
        ],
        Examples =
        [
            "dewy server --registry file:///srv/releases/myapp --root /srv/myapp -p 8000 -- ./current/myapp",
            "dewy assets --registry file:///srv/releases/site --root /srv/www",
            "dewy releases --all file:///srv/releases/myapp",
            "dewy status --root /srv/myapp",
        ],
    };

    private static string Sentence(string summary) => char.ToUpperInvariant(summary[0]) + summary[1..] + ".";
}
