using System.Management.Automation;
using Dewy.PowerShell.Commands;
using Dewy.PowerShell.Completion;

namespace Dewy.PowerShell.Cmdlets;

/// <summary>The replicas behind the proxy of an application.</summary>
[Cmdlet(VerbsCommon.Get, "DewyReplica")]
[OutputType(typeof(Replica))]
public sealed class GetDewyReplicaCommand : RootedCommand
{
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ReplicaNameCompleter))]
    public string[]? Name { get; set; }

    [Parameter]
    public ReplicaState[]? State { get; set; }

    private protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var found = Root is null
            ? await OfSessionAsync(cancellationToken)
            : await Engine.GetReplicasAsync(RootPath, cancellationToken);
        foreach (var replica in found.Where(replica => IsNamed(replica) && (State is null || State.Contains(replica.State))))
            Emit(replica);
        foreach (var name in (Name ?? []).Where(name => !WildcardPattern.ContainsWildcardCharacters(name) && !found.Any(replica => Matches(name, replica))))
            EmitError(NotFound(name));
    }

    private static bool Matches(string pattern, Replica replica) => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(replica.Name);

    private static ErrorRecord NotFound(string name) => ErrorRecords.From(
        new DewyException(ErrorCode.ReplicaNotFound, $"No replica with the name {name} was found.")
        {
            Target = name,
            NextStep = "See what there is with Get-DewyReplica; give -Root of the application whose replica you mean.",
        });

    private bool IsNamed(Replica replica) => Name is null || Name.Any(name => Matches(name, replica));

    /// <summary>The replicas of this session's agents, and of the current location where another agent runs.</summary>
    private async Task<List<Replica>> OfSessionAsync(CancellationToken cancellationToken)
    {
        var running = Session.Agents.Where(job => !job.HasEnded).ToArray();
        var found = running.SelectMany(job => job.Status.Replicas).ToList();
        if (!Array.Exists(running, job => SameDirectory.Are(job.Root, RootPath)))
            found.AddRange(await Engine.GetReplicasAsync(RootPath, cancellationToken));
        return found;
    }
}
