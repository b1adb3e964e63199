using Dewy.Engine.Deployment;
using Dewy.Engine.Registries;

namespace Dewy.Engine.Agent;

/// <summary>Asks the registry what is wanted, within a time limit, and applies the grace period.</summary>
internal sealed class Lookout(AgentParts parts)
{
    /// <summary>A source that does not even react to its cancellation is left behind after this.</summary>
    private static readonly TimeSpan CancellationGrace = TimeSpan.FromSeconds(5);

    private Task _asking = Task.CompletedTask;
    private (string Key, DateTimeOffset At)? _firstSeen;

    /// <exception cref="DewyException">The registry did not answer, answered nonsense, or has nothing that fits.</exception>
    public async Task<Wanted> LookAsync(RootState state, CancellationToken cancellationToken)
    {
        var began = parts.Time.GetTimestamp();
        PollOutcome outcome = PollOutcome.Failed;
        try
        {
            var search = await AskAsync(TagToFetch(state), cancellationToken);
            outcome = search.Outcome;
            return ToWanted(search, state);
        }
        finally
        {
            if (!cancellationToken.IsCancellationRequested)
                parts.Publish(new RegistryPolled(parts.Options.Registry.DisplayName, outcome, parts.Time.GetElapsedTime(began)));
        }
    }

    private async Task<ReleaseFinding> AskAsync(string? pinnedTag, CancellationToken cancellationToken)
    {
        if (!_asking.IsCompleted)
            throw TimedOut("still does not answer the last question");
        var limit = parts.Options.Agent.CheckTimeout;
        using var timeout = new CancellationTokenSource(limit, parts.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var token = either.Token;
        var asking = Task.Run(
            () => pinnedTag is null ? parts.Finder.FindNewestAsync(token) : parts.Finder.FindAsync(pinnedTag, token),
            CancellationToken.None);
        _asking = asking;
        try
        {
            return await asking.WaitAsync(limit + CancellationGrace, parts.Time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw TimedOut($"did not answer within {limit.TotalSeconds:0} s");
        }
    }

    /// <summary>A pinned release that only the registry has; null where the newest is asked for, which people want to know of while another is pinned.</summary>
    private string? TagToFetch(RootState state) =>
        state.Pin is { UntilNewer: false } pin && !Planner.IsPinned(pin, state.Current) && Planner.KeptFor(pin, parts.Kept(state)) is null ? pin.Tag : null;

    private Wanted ToWanted(ReleaseFinding finding, RootState state)
    {
        var release = finding.Release;
        if (finding.Asset is not null)
        {
            return new Wanted
            {
                Finding = finding,
                Since = release.CreatedAt ?? FirstSeen(release),
                IsDowngrade = state.Current is { } live && parts.Finder.IsOlder(release.Tag, live.Tag),
            };
        }

        // It exists, but has nothing for this host: quiet while a build may still be uploading it.
        if (!finding.WithinGrace(parts.Options.Agent.GracePeriod))
            throw finding.ToException();
        parts.Publish(new GracePeriodHeld(release.Tag, finding.MissingBecause ?? "artifact not found", parts.Options.Agent.GracePeriod));
        return new Wanted();
    }

    private DateTimeOffset FirstSeen(Release release)
    {
        var key = $"{release.CacheKey}@{release.Artifact?.Digest}";
        if (_firstSeen is not { } seen || seen.Key != key)
            _firstSeen = seen = (key, parts.Time.GetUtcNow());
        return seen.At;
    }

    private DewyException TimedOut(string how) =>
        new(ErrorCode.RegistryTimeout, $"The registry {parts.Options.Registry.DisplayName} {how}.")
        {
            Phase = "check",
            Target = parts.Options.Registry.DisplayName,
            NextStep = "Check the network between this host and the registry.",
        };
}
