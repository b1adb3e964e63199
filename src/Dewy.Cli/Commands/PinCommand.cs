using System.CommandLine;
using Dewy.Cli.Help;

namespace Dewy.Cli.Commands;

/// <summary><c>dewy pin</c>: keeps to one release, whatever else the registry has.</summary>
internal sealed class PinCommand : ICommand
{
    private readonly CatalogFlags _flags = CatalogFlags.Of("root", "name", "registry", "slot", "calver", "log-level", "log-format", "config");
    private readonly Argument<string> _tag = new("tag");

    public PinCommand()
    {
        Syntax = new Command("pin");
        Syntax.Arguments.Add(_tag);
        _flags.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public HelpPage Help => new("pin", "deploy one release and stay there, whatever else the registry has")
    {
        Usage = "dewy pin <tag> [flags]",
        Text = "An agent that runs deploys it at once, from what is kept in the root or from the registry; otherwise the next one does. `dewy resume` ends the pin.",
        Sections =
        [
            new("Pin", [new("<tag>", "The release. Without an agent the registry must be named as well, unless the release is kept.")]),
            .. OptionHelp.Sections(_flags.Definitions),
        ],
        Examples = ["dewy pin v1.2.2 --root /srv/myapp"],
    };

    public async Task<ExitCode> RunAsync(Invocation invocation, CommandHost host)
    {
        using var session = OneShot.OpenRoot(_flags.Read(invocation.Parsed), host);
        var tag = invocation.Parsed.GetValue(_tag) ?? "";
        var done = await session.RunAsync((engine, options, events, cancellation) => engine.PinAsync(options, tag, host.User, events, cancellation));
        if (done is { Result: not DeploymentResult.Succeeded })
        {
            await host.Error.WriteLineAsync($"dewy pin: {tag} is pinned, but could not be deployed: {done.Error?.ToString() ?? "it was interrupted."}");
            return ExitCode.DeploymentFailed;
        }

        var live = done is null ? $"{tag} is pinned" : $"{tag} is live{(done.PreviousTag is null ? "" : $" instead of {done.PreviousTag}")}";
        await host.Output.WriteLineAsync($"{live}. It stays until you say `dewy resume`.");
        return ExitCode.Ok;
    }
}
