using Dewy.Engine.Registries;
using Dewy.Engine.Registries.Buckets;

namespace Dewy.Engine.Checks;

/// <summary>Whether the registry answers, what it has for this host, and whether the cache is there.</summary>
internal static class RegistryChecks
{
    /// <summary>Below this a difference of clocks is no matter to anyone.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(30);

    public static IEnumerable<Check> Of(CheckGround ground)
    {
        yield return new Check("registry", ground.Options.Registry.DisplayName, cancellationToken => AskAsync(ground, cancellationToken));
        yield return new Check("release", ground.Options.Registry.DisplayName, cancellationToken => FindReleaseAsync(ground, cancellationToken));
        yield return new Check("clock", null, cancellationToken => CompareClocksAsync(ground, cancellationToken));
        if (ground.Options.Mode == DeploymentMode.Container)
            yield break;
        if (ground.Options.Artifacts.SharedCache is { } shared)
            yield return new Check("cache", shared.Address.DisplayName, cancellationToken => ListBucketAsync(ground, shared.Address, cancellationToken));
        var directory = ground.Options.Artifacts.CacheDirectory ?? ground.Root.Layout.Cache;
        yield return new Check("cache", directory, () => Writability.Of(directory, "Give the agent's user write access, or choose another --cache."));
    }

    private static async Task<CheckFinding> AskAsync(CheckGround ground, CancellationToken cancellationToken)
    {
        try
        {
            await ground.Registry.FindAsync(cancellationToken);
        }
        catch (DewyException exception) when (IsAboutReleases(exception))
        {
            // It answers; what it has is the next check's.
        }

        return CheckFinding.Passed(ground.Registry.Credentials is { } credentials ? $"It answers; credentials: {credentials}." : "It answers.");
    }

    private static async Task<CheckFinding> FindReleaseAsync(CheckGround ground, CancellationToken cancellationToken)
    {
        ReleaseFinding finding;
        try
        {
            finding = await ground.Registry.FindAsync(cancellationToken);
        }
        catch (DewyException exception) when (!IsAboutReleases(exception))
        {
            return CheckFinding.Skipped("The registry does not say what it has.");
        }

        var published = finding.Release.CreatedAt is { } at ? $" of {at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC" : "";
        if (finding.Release.Artifact is { } artifact)
            return CheckFinding.Passed($"The newest that matches is {finding.Release.Tag}{published}, with {artifact.Name} for {ground.Services.Platform}.");
        var missing = finding.ToException();
        return finding.WithinGrace(ground.Options.Agent.GracePeriod)
            ? CheckFinding.Warning($"{missing.Message} It is young enough to be waited for.", missing.NextStep)
            : CheckFinding.Failed(missing);
    }

    private static bool IsAboutReleases(DewyException exception) =>
        exception.Code is ErrorCode.NoMatchingVersion or ErrorCode.ArtifactNotFound or ErrorCode.ArtifactAmbiguous or ErrorCode.ReleaseNotFound;

    private static async Task<CheckFinding> CompareClocksAsync(CheckGround ground, CancellationToken cancellationToken)
    {
        await ground.Registry.TryFindAsync(cancellationToken);
        var zone = ground.Options.Agent.Windows.Count > 0 ? $" Windows are of this host's local time, which is {ground.Services.Time.GetLocalNow():yyyy-MM-dd HH:mm zzz}." : "";
        if (ground.Registry.ClockAhead is not { } ahead)
            return CheckFinding.Skipped($"No server told what time it is.{zone}");
        if (ahead.Duration() <= ClockTolerance)
            return CheckFinding.Passed($"This host's clock and the registry's agree.{zone}");
        return CheckFinding.Warning(
            $"This host's clock is {Composition.DurationText.Format(ahead.Duration())} {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} the registry's: certificates and signed requests may be refused.{zone}",
            "Set the clock, best by NTP.");
    }

    private static async Task<CheckFinding> ListBucketAsync(CheckGround ground, RegistryAddress address, CancellationToken cancellationToken)
    {
        var (store, prefix) = SharedBucketPlace.OpenStore(address, ground.Services.RegistryServices(ground.Redactor));
        await using (store)
        {
            // A corner of it, so that a full bucket is not listed to its end.
            await store.ListObjectsAsync($"{prefix}registry-cache/", cancellationToken);
            return CheckFinding.Passed($"It can be listed; credentials: {store.Credentials}. Writing is not tried.");
        }
    }
}
