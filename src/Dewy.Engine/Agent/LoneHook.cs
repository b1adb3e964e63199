using Dewy.Engine.Deployment.Hooks;

namespace Dewy.Engine.Agent;

/// <summary>Runs a hook outside a deployment, with what it would find in one of the release named, or of the live one.</summary>
internal sealed class LoneHook(AgentParts parts)
{
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: no such hook is configured.</exception>
    public async Task<HookResult> RunAsync(HookKind kind, string? tag, CancellationToken cancellationToken)
    {
        var state = parts.Root.State.Read();
        var live = state.Current;
        tag ??= live?.Tag ?? throw new DewyException(ErrorCode.ReleaseNotFound, $"Nothing is live in {parts.Root.Layout.Root} that the hook could be run for.")
        {
            Target = parts.Root.Layout.Root,
            NextStep = "Say which release the hook is to be told of.",
        };
        parts.Root.Layout.EnsureCreated();
        var named = parts.Root.Releases.List().Where(kept => kept.IsGood).Select(kept => kept.ToLive()).FirstOrDefault(kept => kept.Tag == tag);
        var release = live?.Tag == tag ? live : named;
        var context = new HookContext
        {
            Root = parts.Root.Layout.Root,
            Command = parts.Options.Mode.ToString().ToLowerInvariant(),
            Tag = tag,
            Version = tag,
            PreviousTag = live?.Tag == tag ? state.Previous?.Tag : live?.Tag,
            ReleaseDirectory = release?.Directory,
            Artifact = release is null ? null : parts.Cache.List().FirstOrDefault(cached => cached.Key == release.Key)?.Path,
            DeploymentId = release is { DeploymentId.Length: > 0 } ? release.DeploymentId : DeploymentRun.NewId(parts.Time),
        };
        var flag = $"{HookNames.Of(kind)}-hook";
        return await parts.Hooks.RunAsync(kind, parts.Options.Hooks, context, cancellationToken)
            ?? throw new DewyException(ErrorCode.InvalidOption, $"There is no {flag} to run.") { Target = flag, NextStep = $"Give its command, or configure --{flag}." };
    }
}
