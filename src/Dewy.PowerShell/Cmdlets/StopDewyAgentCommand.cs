using System.Management.Automation;
using Dewy.PowerShell.Commands;
using Dewy.PowerShell.Completion;
using Dewy.PowerShell.Jobs;

namespace Dewy.PowerShell.Cmdlets;

/// <summary>Stops an agent of this session and waits for it.</summary>
[Cmdlet(VerbsLifecycle.Stop, "DewyAgent", DefaultParameterSetName = ByRoot, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class StopDewyAgentCommand : RootedCommand
{
    private const string ByRoot = "Root";
    private const string ByName = "Name";

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string[]? Name { get; set; }

    private protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var running = Session.Agents.Where(job => !job.HasEnded).ToArray();
        var wanted = running.Where(Fits).ToArray();
        foreach (var job in wanted)
        {
            if (await ShouldProcessAsync(job.Root, $"Stop the agent {job.Name}"))
                await job.EndAsync().WaitAsync(cancellationToken);
        }

        if (Name is null)
        {
            if (wanted.Length == 0)
                await TellNoneAsync(cancellationToken);
            return;
        }

        foreach (var name in Name.Where(name => !WildcardPattern.ContainsWildcardCharacters(name) && !Array.Exists(running, job => Matches(name, job))))
            EmitError(NotFound(name, $"No agent with the name {name} runs in this session.", "See what there is with Get-DewyAgent."));
    }

    private static bool Matches(string pattern, AgentJob job) => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(job.Name);

    private static ErrorRecord NotFound(string target, string message, string nextStep) =>
        ErrorRecords.From(new DewyException(ErrorCode.AgentNotFound, message) { Target = target, NextStep = nextStep });

    private bool Fits(AgentJob job) => Name is null ? SameDirectory.Are(job.Root, RootPath) : Name.Any(name => Matches(name, job));

    private async Task TellNoneAsync(CancellationToken cancellationToken)
    {
        var status = await Engine.GetStatusAsync(RootPath, cancellationToken);
        EmitError(status.AgentProcessId is { } other
            ? NotFound(RootPath, $"The agent of {RootPath} runs in another process ({other}), not in this session.", $"Stop it there, or send TERM to process {other}.")
            : NotFound(RootPath, $"No agent runs for {RootPath}.", "Start one with Start-DewyAgent, or give the root of the one you mean."));
    }
}
