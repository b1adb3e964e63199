using System.Management.Automation;
using Dewy.PowerShell.Commands;
using Dewy.PowerShell.Completion;

namespace Dewy.PowerShell.Cmdlets;

/// <summary>The history of a root, newest first.</summary>
[Cmdlet(VerbsCommon.Get, "DewyDeployment")]
[OutputType(typeof(Deployment))]
public sealed class GetDewyDeploymentCommand : RootedCommand
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DeploymentIdCompleter))]
    public string[]? Id { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DeployedTagCompleter))]
    public string[]? Tag { get; set; }

    [Parameter]
    public DeploymentResult[]? Result { get; set; }

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int First { get; set; } = int.MaxValue;

    private protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var filtered = Id is not null || Tag is not null || Result is not null;
        var history = await Engine.GetDeploymentsAsync(RootPath, filtered ? int.MaxValue : First, cancellationToken);
        foreach (var deployment in history.Where(Fits).Take(First))
            Emit(deployment);
        foreach (var id in (Id ?? []).Where(id => !WildcardPattern.ContainsWildcardCharacters(id) && !history.Any(deployment => deployment.Id.Equals(id, StringComparison.OrdinalIgnoreCase))))
            EmitError(NotFound(id));
    }

    private static bool MatchesAny(string[]? patterns, string value) =>
        patterns is null || patterns.Any(pattern => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(value));

    private bool Fits(Deployment deployment) =>
        MatchesAny(Id, deployment.Id) && MatchesAny(Tag, deployment.Tag) && (Result is null || Result.Contains(deployment.Result));

    private ErrorRecord NotFound(string id) => ErrorRecords.From(
        new DewyException(ErrorCode.ReleaseNotFound, $"The history of {RootPath} has no deployment {id}.")
        {
            Target = id,
            NextStep = "See what there is with Get-DewyDeployment.",
        });
}
