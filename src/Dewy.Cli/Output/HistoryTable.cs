using Dewy.Engine.Composition;

namespace Dewy.Cli.Output;

/// <summary>Deployments for people.</summary>
internal static class HistoryTable
{
    private static readonly string[] Headings = ["STARTED", "TAG", "BEFORE", "RESULT", "DURATION", "BY", "ERROR"];

    public static string Of(IReadOnlyList<Deployment> history) => TextTable.Of(Headings, history.Select(deployment => (string[])
    [
        TextTable.Time(deployment.StartedAt),
        deployment.Tag,
        deployment.PreviousTag ?? "-",
        ResultOf(deployment.Result),
        DurationText.Format(deployment.Duration),
        deployment.RequestedBy,
        deployment.Error?.Message ?? "",
    ]));

    /// <summary>How a deployment ended, in words.</summary>
    public static string ResultOf(DeploymentResult result) => result switch
    {
        DeploymentResult.RolledBack => "rolled back",
        _ => result.ToString().ToLowerInvariant(),
    };
}
