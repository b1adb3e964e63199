using Dewy.Engine.Deployment;

namespace Dewy.Engine.Checks;

/// <summary>Whether the root can be deployed into, by whom it is held, and what its notes say.</summary>
internal static class RootChecks
{
    private const string RootStep = "Give the agent's user write access, or choose another --root.";

    public static IEnumerable<Check> Of(CheckGround ground)
    {
        var layout = ground.Root.Layout;
        yield return new Check("root", layout.Root, () => LookAtRoot(layout));
        yield return new Check("agent", layout.Root, () => LookAtHolder(layout));
        yield return new Check("state", layout.StateFile, () => LookAtState(ground.Root));
        if (ground.Options.Mode != DeploymentMode.Container)
            yield return new Check("space", layout.Root, cancellationToken => MeasureAsync(ground, cancellationToken));
        if (ground.Options.Deployment.Shared.Count > 0)
            yield return new Check("shared", layout.Shared, () => LookAtShared(ground));
        if (ground.Options.Log.File is { } file)
            yield return new Check("log", file, () => Writability.Of(Path.GetDirectoryName(file) ?? "/", "Give the agent's user write access, or choose another --log-file."));
        if (ground.Options.Server?.LogDirectory is { } directory)
            yield return new Check("log", directory, () => Writability.Of(directory, "Give the agent's user write access, or choose another --log-dir."));
    }

    private static CheckFinding LookAtRoot(RootLayout layout)
    {
        var root = Writability.Of(layout.Root, RootStep);
        if (root.Result != CheckResult.Passed || !Directory.Exists(layout.Root))
            return root;
        return new[] { layout.Releases, layout.Private }.Select(directory => Writability.Of(directory, RootStep)).FirstOrDefault(part => part.Result == CheckResult.Failed) ?? root;
    }

    private static CheckFinding LookAtHolder(RootLayout layout) => RootLock.TryReadHolder(layout) switch
    {
        null => CheckFinding.Passed("No agent works in this root."),
        { IsAgent: true } holder => CheckFinding.Passed($"An agent works in this root ({Who(holder)}); another could not start."),
        var holder => CheckFinding.Warning($"dewy {holder.Purpose} is at work in this root ({Who(holder)}).", "Wait until it has ended before an agent is started."),
    };

    private static string Who(RootLockHolder holder) =>
        (holder.ProcessId is { } processId ? $"process {processId}" : "another process") + (holder.Since is { } since ? $", since {since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC" : "");

    private static CheckFinding LookAtState(DeploymentRoot root)
    {
        if (root.State.FindFault() is { } fault)
            return CheckFinding.Warning($"The notes are damaged ({fault}); an agent rebuilds them from what else is in the root, without a pin or a pause.", "Look at the file if there was a pin or a pause.");
        var state = root.State.Read();
        var live = state.Current is { } current ? $"{current.Tag} is live" : "Nothing has been deployed yet";
        var held = state switch
        {
            { Pause: { } pause } => $"; deploying is paused since {pause.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC by {pause.By}",
            { Pin: { } pin } => $"; it is pinned to {pin.Tag} by {pin.By}",
            _ => "",
        };
        return held.Length == 0 ? CheckFinding.Passed($"{live}.") : CheckFinding.Warning($"{live}{held}.", "Say dewy resume when that is over.");
    }

    /// <summary>A release needs room for its artifact and for what is in it.</summary>
    private static async Task<CheckFinding> MeasureAsync(CheckGround ground, CancellationToken cancellationToken)
    {
        var place = Writability.Existing(ground.Root.Layout.Root) ?? "/";
        var free = await Task.Run(() => new DriveInfo(place).AvailableFreeSpace, cancellationToken);
        var needed = (await ground.Registry.TryFindAsync(cancellationToken))?.Release.Artifact?.Size;
        var largest = ground.Options.Artifacts.MaxArtifactSize;
        var room = $"{Size(free)} are free{(needed is { } size ? $", the newest artifact has {Size(size)}" : "")}; artifacts may have up to {Size(largest)}.";
        const string nextStep = "Free space on that file system, lower --keep-releases, or point --cache elsewhere.";
        return needed * 2 > free ? CheckFinding.Failed(ErrorCode.DiskFull, room, nextStep)
            : largest > free ? CheckFinding.Warning(room, "Free space on that file system, or lower --max-artifact-size.")
            : CheckFinding.Passed(room);
    }

    private static CheckFinding LookAtShared(CheckGround ground)
    {
        var shared = ground.Root.Layout.Shared;
        var paths = SharedPath.ParseAll(ground.Options.Deployment.Shared);
        var live = ground.Root.State.Read().Current?.Directory;
        var missing = paths.Where(path => !path.IsDirectory && !Path.Exists(path.Below(shared)) && !(live is not null && Directory.Exists(path.Below(live)))).ToList();
        return missing.Count == 0
            ? CheckFinding.Passed($"{string.Join(", ", paths)}: files are there; directories are there or would be created.")
            : CheckFinding.Failed(
                ErrorCode.SharedFileMissing,
                $"{string.Join(", ", missing)} {(missing.Count == 1 ? "is" : "are")} missing; a deployment would stop before the switch.",
                $"Create {(missing.Count == 1 ? missing[0].Below(shared) : "them in " + shared)}, or write a slash at the end of what is a directory.");
    }

    private static string Size(long bytes) => bytes switch
    {
        >= 1L << 30 => $"{bytes / (double)(1L << 30):0.0} GiB",
        >= 1L << 20 => $"{bytes / (double)(1L << 20):0.0} MiB",
        >= 1L << 10 => $"{bytes / 1024.0:0.0} KiB",
        _ => $"{bytes} bytes",
    };
}
