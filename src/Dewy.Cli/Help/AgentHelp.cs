using Dewy.Engine.Composition;

namespace Dewy.Cli.Help;

/// <summary>Help for the commands that run an agent.</summary>
internal static class AgentHelp
{
    public static HelpPage Of(DeploymentMode mode, IEnumerable<OptionDefinition> flags)
    {
        IReadOnlyList<HelpSection> sections = [.. OptionHelp.Sections(flags), CommonHelp.Values, Signals(mode), CommonHelp.ExitCodes];
        return mode switch
        {
            DeploymentMode.Server => Server(sections),
            DeploymentMode.Container => Container(sections),
            _ => Assets(sections),
        };
    }

    private static HelpPage Container(IReadOnlyList<HelpSection> sections) => new("container", "run an image as replicas behind the built-in proxy")
    {
        Usage = "dewy container --registry img://<host>/<repository> [flags] [-- <container options>]\n       dewy container list [flags]",
        Text = "Every new image is run as so many replicas behind the proxy, which holds the public port. New replicas get requests once they are healthy; old ones finish what they have first, so no request is lost. A release that does not get healthy is put back.",
        Sections = [new("Commands", [new("list", "List the application's containers.")]), .. sections],
        Examples =
        [
            "dewy container --registry img://ghcr.io/acme/myapp",
            "dewy container list --root /srv/myapp",
        ],
    };

    private static HelpPage Server(IReadOnlyList<HelpSection> sections) => new("server", "deploy an archive and supervise the program in it")
    {
        Usage = "dewy server --registry <url> [-p <address>] [flags] -- <program> [arguments]",
        Text = "The program is started in the root, so ./current/myapp is the one of the live release. Where ports are given Dewy binds them once and every version inherits them: no connection is refused while versions change. A version that does not get ready, or ends by itself soon after, is put back.",
        Sections = sections,
        Examples =
        [
            "dewy server --registry file:///srv/releases/myapp -p 8000 -- ./current/myapp --verbose",
            "dewy server --registry file:///srv/releases/myapp -p 8000 --health-path /health --after-deploy-hook \"curl -fsS http://127.0.0.1:8000/warm\" -- ./current/myapp",
            "dewy server --registry file:///srv/releases/worker --overlap -- ./current/worker",
            "GH_TOKEN=... dewy server --registry ghr://acme/myapp -p 8000 -- ./current/myapp",
            "DEWY_REGISTRY=file:///srv/releases/myapp DEWY_PORT=8000 dewy server -- ./current/myapp",
        ],
    };

    private static HelpPage Assets(IReadOnlyList<HelpSection> sections) => new("assets", "deploy files only")
    {
        Usage = "dewy assets --registry <url> [flags]",
        Text = "Every new release is extracted into <root>/releases and <root>/current is switched to it. Nothing is started.",
        Sections = sections,
        Examples =
        [
            "dewy assets --registry file:///srv/releases/site --root /srv/www",
            "dewy assets --registry file:///srv/releases/site --root /srv/www --window \"Mon-Fri 09:00-17:00\" --log-format json",
            "dewy assets --registry \"s3://eu-west-1/releases/site?artifact=site.zip\" --root /srv/www",
            "dewy assets --config /etc/dewy/site.json",
        ],
    };

    private static HelpSection Signals(DeploymentMode mode) => new("Signals",
    [
        new("HUP", mode == DeploymentMode.Assets ? "Look at the registry now." : "Restart what runs gracefully."),
        new("USR1", "The same, with a notification."),
        new("TERM, INT, QUIT", mode != DeploymentMode.Assets
            ? "Stop: the cycle under way is cancelled and what runs is ended, or left, as --on-exit says. Asked again after two seconds: end at once."
            : "Stop: the cycle under way is cancelled. Asked again after two seconds: end at once."),
    ]);
}
