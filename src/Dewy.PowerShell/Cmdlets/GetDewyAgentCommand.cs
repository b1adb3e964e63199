using System.Management.Automation;
using Dewy.PowerShell.Commands;
using Dewy.PowerShell.Completion;

namespace Dewy.PowerShell.Cmdlets;

/// <summary>What agents and their applications are doing.</summary>
[Cmdlet(VerbsCommon.Get, "DewyAgent")]
[OutputType(typeof(AgentStatus))]
public sealed class GetDewyAgentCommand : RootedCommand
{
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string[]? Name { get; set; }

    private protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var found = Root is null
            ? await OfSessionAsync(cancellationToken)
            : [await OfRootAsync(cancellationToken)];
        foreach (var status in found.Where(status => Name is null || Name.Any(name => Matches(name, status))))
            Emit(status);
        foreach (var name in (Name ?? []).Where(name => !WildcardPattern.ContainsWildcardCharacters(name) && !found.Exists(status => Matches(name, status))))
            EmitError(NotFound(name));
    }

    private static bool Matches(string pattern, AgentStatus status) => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(status.Name);

    private static ErrorRecord NotFound(string name) => ErrorRecords.From(
        new DewyException(ErrorCode.AgentNotFound, $"No agent with the name {name} was found.")
        {
            Target = name,
            NextStep = "Give -Root of the application whose agent you mean; it may run in another process.",
        });

    /// <summary>An agent of this session tells of its replicas and its proxy as well, which are not written down in the root.</summary>
    private async Task<AgentStatus> OfRootAsync(CancellationToken cancellationToken) =>
        Session.Agents.FirstOrDefault(job => !job.HasEnded && SameDirectory.Are(job.Root, RootPath))?.Status
        ?? await Engine.GetStatusAsync(RootPath, cancellationToken);

    /// <summary>The agents of this session, and the one of the current location where an agent has ever run there.</summary>
    private async Task<List<AgentStatus>> OfSessionAsync(CancellationToken cancellationToken)
    {
        var running = Session.Agents.Where(job => !job.HasEnded).ToArray();
        var found = running.Select(job => job.Status).ToList();
        if (Array.Exists(running, job => SameDirectory.Are(job.Root, RootPath)))
            return found;
        var here = await Engine.GetStatusAsync(RootPath, cancellationToken);
        if (here.State != AgentState.Stopped || here.Current is not null || here.LastDeployment is not null)
            found.Add(here);
        return found;
    }
}
