using Dewy.Engine.Admin;
using Dewy.Engine.Deployment;
using Dewy.Engine.Processes;

namespace Dewy.Engine.Agent;

/// <summary>Reads what a root and its agent are doing from what is written down there.</summary>
internal static class RootStatus
{
    public static AgentStatus Read(DeploymentRoot root)
    {
        var state = root.State.Read();
        var holder = RootLock.TryReadHolder(root.Layout);
        var record = new RunRecord(root.Layout.ProcessesFile);
        record.Load();
        return new AgentStatus
        {
            Name = state.Agent?.Name ?? Path.GetFileName(root.Layout.Root),
            Root = root.Layout.Root,
            State = holder is not { IsAgent: true } ? AgentState.Stopped : state.Attempt is null ? AgentState.Idle : AgentState.Deploying,
            Mode = state.Agent?.Mode,
            AgentProcessId = holder is { IsAgent: true } ? holder.ProcessId : null,
            Registry = state.Agent?.Registry,
            AdminAddress = holder is { IsAgent: true } && AdminRecord.Read(root.Layout) is { } admin && admin.ProcessId == holder.ProcessId ? admin.Address : null,
            Current = state.Current,
            Previous = state.Previous,
            Pin = state.Pin,
            Pause = state.Pause,
            Blocked = state.Blocked,
            Processes = [.. record.Generations.Where(generation => ProcessIdentity.IsAlive(generation.ProcessId, generation.Identity)).Select(ToProcess)],
            LastDeployment = root.History.Read(1) is [var last, ..] ? last : null,
            LastCheck = state.LastCheck,
            NewestTag = state.NewestTag,
        };
    }

    private static RunningProcess ToProcess(GenerationRecord generation) => new()
    {
        Generation = generation.Generation,
        ProcessId = generation.ProcessId,
        Tag = generation.Tag,
        StartedAt = generation.StartedAt,
        Ready = generation.Ready,
        Stopping = generation.StoppingSince is not null,
    };
}
