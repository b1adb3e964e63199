using System.Text;

namespace Dewy.Cli.Output;

/// <summary>The state of a root for people: one fact a line, and only those there are.</summary>
internal static class StatusText
{
    private const int LabelWidth = 17;

    public static string Of(AgentStatus status)
    {
        var text = new StringBuilder();
        Add("Application", status.Mode is { } mode ? $"{status.Name} ({mode.ToString().ToLowerInvariant()})" : status.Name);
        Add("Root", status.Root);
        Add("Agent", AgentOf(status));
        Add("Dashboard", status.AdminAddress);
        Add("Registry", status.Registry);
        Add("Live", Describe(status.Current) ?? "nothing");
        Add("Previous", Describe(status.Previous));
        Add("Pinned", PinOf(status.Pin));
        Add("Paused", status.Pause is { } pause ? $"since {TextTable.Time(pause.At)} by {pause.By}" : null);
        Add("Held back", status.Held is { } held ? $"{held.Tag} since {TextTable.Time(held.Since)}: {held.Reason}" : null);
        foreach (var blocked in status.Blocked)
            Add("Blocked", $"{blocked.Tag}, tried again {TextTable.Time(blocked.RetryAt)}: {blocked.Reason}");
        foreach (var process in status.Processes)
            Add("Process", $"{process.ProcessId}, {process.Tag}, generation {process.Generation}, {StateOf(process)}, since {TextTable.Time(process.StartedAt)}");
        Add("Proxy", ProxyOf(status.Proxy));
        foreach (var replica in status.Replicas)
            Add("Replica", ReplicaOf(replica));
        Add("Registry checked", status.LastCheck is { } check ? $"{TextTable.Time(check)}, newest {status.NewestTag ?? "none"}" : null);
        Add("Last deployment", DeploymentOf(status.LastDeployment));
        return text.ToString();

        void Add(string label, string? value)
        {
            if (value is not null)
                text.Append(label.PadRight(LabelWidth)).AppendLine(TextTable.Printable(value));
        }
    }

    private static string AgentOf(AgentStatus status) =>
        status.AgentProcessId is { } id ? $"{status.State.ToString().ToLowerInvariant()}, process {id}" : "not running";

    private static string? Describe(LiveRelease? release) =>
        release is null ? null : $"{release.Tag}, deployed {TextTable.Time(release.DeployedAt)}{(release.Directory is null ? "" : $", {release.Directory}")}";

    private static string? PinOf(ReleasePin? pin) =>
        pin is null ? null : $"to {pin.Tag}{(pin.UntilNewer ? " until a newer release" : "")} since {TextTable.Time(pin.At)} by {pin.By}";

    private static string StateOf(RunningProcess process) => process switch
    {
        { Stopping: true } => "stopping",
        { Ready: true } => "ready",
        _ => "starting",
    };

    private static string? ProxyOf(ProxyStatus? proxy) => proxy is null
        ? null
        : $"{string.Join(", ", proxy.Listen)}, {proxy.Backends.Count(backend => backend.State == ReplicaState.Healthy)} of {proxy.Backends.Count} backends healthy, {proxy.InFlight} in flight, {proxy.Requests} requests, {proxy.Failures} failed, {proxy.Connections} connections";

    private static string ReplicaOf(Replica replica) =>
        $"{replica.Name}, {replica.Tag}, {replica.State.ToString().ToLowerInvariant()}, {(replica.Addresses.Count > 0 ? replica.Addresses[0] : "no address")}, {replica.InFlight} in flight, {replica.Requests} requests{(replica.Problem is null ? "" : $": {replica.Problem}")}";

    private static string? DeploymentOf(Deployment? deployment) => deployment switch
    {
        null => null,
        { Error: null } => $"{deployment.Tag} {HistoryTable.ResultOf(deployment.Result)} {TextTable.Time(deployment.FinishedAt)}",
        _ => $"{deployment.Tag} {HistoryTable.ResultOf(deployment.Result)} {TextTable.Time(deployment.FinishedAt)}: {deployment.Error}",
    };
}
