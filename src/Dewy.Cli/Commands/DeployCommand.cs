using System.CommandLine;
using Dewy.Cli.Help;
using Dewy.Cli.Output;
using Dewy.Engine.Composition;
using Microsoft.Extensions.Logging;

namespace Dewy.Cli.Commands;

/// <summary><c>dewy deploy</c>: one look at the registry, and what follows from it, now.</summary>
internal sealed class DeployCommand : ICommand
{
    private readonly ApplicationFlags _applications = new();
    private readonly Option<bool> _force = new("--force");
    private readonly Option<bool> _dryRun = new("--dry-run");

    public DeployCommand()
    {
        Syntax = new Command("deploy");
        Syntax.Options.Add(_force);
        Syntax.Options.Add(_dryRun);
        _applications.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public bool TakesRest => true;

    public HelpPage Help => new("deploy", "deploy the newest release now, and wait for it")
    {
        Usage = "dewy deploy [flags] [-- <program or container options>]",
        Text = "Where an agent holds the root it is told to look at its registry now, and --root or --name is all that is needed. Without one everything is done here, in any mode, once; a program or containers that it starts go on without it, for the next agent to take over. Several applications of a configuration file have their turn one after the other, and a failure does not keep the others from theirs.",
        Sections =
        [
            new("Deployment",
            [
                new("    --force", "Try a release again that failed before and is left alone for a while."),
                new("    --dry-run", "Say what would be done, and do nothing."),
                .. ApplicationFlags.OwnRows,
            ]),
            .. OptionHelp.Sections(_applications.Definitions),
            CommonHelp.ExitCodes,
        ],
        Examples =
        [
            "dewy deploy --root /srv/myapp",
            "dewy deploy --registry file:///srv/releases/site --root /srv/site",
            "dewy deploy --config /etc/dewy/dewy.json --only site --dry-run",
        ],
    };

    public async Task<ExitCode> RunAsync(Invocation invocation, CommandHost host)
    {
        var (given, names) = _applications.Read(invocation, host);
        var turn = new Turn(host, invocation.Parsed.GetValue(_force), invocation.Parsed.GetValue(_dryRun));
        using var session = OneShot.Open(given, host, LogLevel.Information);
        return names.Count == 0 && session.IsAboutOne
            ? await session.RunAsync((engine, options, events, cancellation) => turn.TakeAsync(engine, options, events, prefix: "", cancellation))
            : await session.RunAsync((engine, options, events, cancellation) => EachAsync(engine.GetApplications(options, names), host, (application, prefix) => turn.TakeAsync(engine, application.Options, events, prefix, cancellation)));
    }

    /// <summary>Each has its turn; the first failure says the exit code.</summary>
    private static async Task<ExitCode> EachAsync(IReadOnlyList<ConfiguredApplication> applications, CommandHost host, Func<ConfiguredApplication, string, Task<ExitCode>> deploy)
    {
        var outcome = ExitCode.Ok;
        foreach (var application in applications)
        {
            var code = ExitCode.Ok;
            try
            {
                code = await deploy(application, applications.Count > 1 ? $"{application.Name}: " : "");
            }
            catch (DewyException exception) when (applications.Count > 1)
            {
                await host.Error.WriteLineAsync(FailureLine.Of($"dewy deploy: {application.Name}", exception, host.Redactor));
                code = exception.ExitCode;
            }

            if (outcome == ExitCode.Ok)
                outcome = code;
        }

        return outcome;
    }

    /// <summary>What is done for each application.</summary>
    private sealed record Turn(CommandHost Host, bool Force, bool DryRun)
    {
        public Task<ExitCode> TakeAsync(IDewyEngine engine, OptionSet options, IEngineEventSink events, string prefix, CancellationToken cancellation) =>
            DryRun ? TellPlanAsync(engine, options, events, prefix, cancellation) : DeployAsync(engine, options, events, prefix, cancellation);

        private async Task<ExitCode> DeployAsync(IDewyEngine engine, OptionSet options, IEngineEventSink events, string prefix, CancellationToken cancellation)
        {
            var done = await engine.DeployAsync(options, Force, events, cancellation);
            if (done is null)
            {
                var status = await engine.GetStatusAsync(ApplicationOptionsBinder.BindRoot(options, Host.WorkingDirectory, Host.Environment), cancellation);
                var live = status.Current is { } current ? $"{current.Tag} stays live" : "nothing is live";
                var why = status.Held is { } held ? $"{held.Tag} is held back: {held.Reason}" : "there is nothing to deploy.";
                await Host.Output.WriteLineAsync(prefix + TextTable.Printable($"{live}; {why}"));
                return ExitCode.Ok;
            }

            if (done.Result != DeploymentResult.Succeeded)
            {
                await Host.Error.WriteLineAsync($"dewy deploy: {prefix}{done.Tag} could not be deployed: {done.Error?.ToString() ?? "it was interrupted."}");
                return ExitCode.DeploymentFailed;
            }

            await Host.Output.WriteLineAsync($"{prefix}{done.Tag} is live{(done.PreviousTag is null ? "" : $" instead of {done.PreviousTag}")}, after {DurationText.Format(done.Duration)}.");
            return ExitCode.Ok;
        }

        private async Task<ExitCode> TellPlanAsync(IDewyEngine engine, OptionSet options, IEngineEventSink events, string prefix, CancellationToken cancellation)
        {
            var plan = await engine.PlanAsync(options, Force, events, cancellation);
            await Host.Output.WriteLineAsync(prefix + TextTable.Printable(plan.Reason));
            foreach (var step in plan.Steps)
                await Host.Output.WriteLineAsync(TextTable.Printable($"  {step}"));
            return ExitCode.Ok;
        }
    }
}
