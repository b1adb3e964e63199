using System.CommandLine;
using Dewy.Cli.Help;
using Dewy.Cli.Output;

namespace Dewy.Cli.Commands;

/// <summary><c>dewy releases</c>: what a registry has.</summary>
internal sealed class ReleasesCommand : ICommand
{
    private readonly CatalogFlags _flags = CatalogFlags.Of("registry", "slot", "calver", "root", "name", "log-level", "log-format", "config");
    private readonly Argument<string?> _url = new("url") { Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _all = new("--all", "-a");
    private readonly Option<string> _format = new("--format");

    public ReleasesCommand()
    {
        Syntax = new Command("releases");
        Syntax.Arguments.Add(_url);
        Syntax.Options.Add(_all);
        Syntax.Options.Add(_format);
        _flags.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public HelpPage Help => new("releases", "list the releases of a registry")
    {
        Usage = "dewy releases [<url>] [flags]",
        Text = "Shows the newest release that an agent with the same options would deploy, or all that match.",
        Sections =
        [
            new("Listing",
            [
                new("<url>", "The registry; the same as --registry."),
                new("-a, --all", "All matching releases, newest first."),
                new("    --format <table|json>", "How they are shown. [default: table]"),
            ]),
            .. OptionHelp.Sections(_flags.Definitions),
        ],
        Examples =
        [
            "dewy releases file:///srv/releases/myapp",
            "dewy releases --all --slot blue --format json file:///srv/releases/myapp",
            "dewy releases --all ghr://linyows/dewy",
            "dewy releases \"s3://eu-west-1/releases/myapp?constraint=~1.4\"",
            "dewy releases --all img://ghcr.io/acme/myapp",
        ],
    };

    public async Task<ExitCode> RunAsync(Invocation invocation, CommandHost host)
    {
        var given = _flags.Read(invocation.Parsed);
        if (invocation.Parsed.GetValue(_url) is { } url)
            given.Add("registry", url, given.Contains("registry") ? null : "<url>");
        var json = OutputFormat.IsJson(invocation.Parsed.GetValue(_format));

        using var session = OneShot.Open(given, host);
        var all = invocation.Parsed.GetValue(_all);
        var releases = await session.RunAsync((engine, options, events, cancellation) => engine.GetReleasesAsync(options, all, events, cancellation));
        await host.Output.WriteAsync(json ? JsonOutput.Of(releases) : ReleaseTable.Of(releases));
        return ExitCode.Ok;
    }
}
