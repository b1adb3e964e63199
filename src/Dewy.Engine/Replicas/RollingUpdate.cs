namespace Dewy.Engine.Replicas;

/// <summary>
/// Brings the replicas from what they are to what they shall be: so many of one release, each healthy before it gets
/// requests, none of the old ones stopped before as many new ones serve. A crashed replica, a changed number and a new
/// release are the same work. What fails is undone: the old ones go on, or are started again where they had left.
/// </summary>
internal sealed class RollingUpdate(IReplicaHost host, ReplicaRoster roster, ReplicaHealth health, ReplicaOptions options, IEngineEventSink events, TimeProvider time)
{
    /// <summary>Putting back what a failed update had stopped may take this long for each replica, beside its health check.</summary>
    private static readonly TimeSpan RestoreLimit = TimeSpan.FromMinutes(1);

    /// <summary>Runs to the end, or leaves things as they were.</summary>
    /// <param name="release">What shall run.</param>
    /// <param name="keep">Tells which replicas of it may stay; those that may not are replaced by new ones.</param>
    /// <param name="cancellationToken">Gives up: new replicas are removed.</param>
    /// <exception cref="DewyException">A new replica could not be started or was not healthy.</exception>
    public async Task RunAsync(LiveRelease release, Func<ReplicaEntry, bool> keep, CancellationToken cancellationToken)
    {
        var before = roster.Staying;
        var kept = before.Where(entry => entry.Joined && entry.Replica.Release.IsSameAs(release) && keep(entry)).Take(options.Count).ToList();
        var leaving = new Queue<ReplicaEntry>(before.Except(kept));
        var stopped = new List<ReplicaEntry>();
        var fresh = new List<ReplicaEntry>();
        try
        {
            while (kept.Count + fresh.Count < options.Count)
            {
                var batch = Math.Min(options.MaxSurge ?? options.Count, options.Count - kept.Count - fresh.Count);
                for (var started = 0; started < batch; started++)
                    await StartAsync(release, kept, fresh, cancellationToken);
                if (kept.Count + fresh.Count < options.Count)
                    await MakeRoomAsync(leaving, batch, stopped, cancellationToken);
            }

            foreach (var entry in fresh)
            {
                if (entry.Replica.Ended.IsCompleted)
                    throw await ReplicaHealth.EndedAsync(entry.Replica);
            }
        }
        catch (DewyException exception)
        {
            events.Publish(new ReplicaRefused(fresh is [.., var last] && !last.Joined ? last.Replica.Name : "", release.Tag, exception.Code, exception.Message) { Time = time.GetUtcNow() });
            await RestoreAsync(fresh, stopped);
            throw;
        }
        catch
        {
            await RestoreAsync(fresh, stopped);
            throw;
        }

        // All at once: from here on no request starts on an old one, and what each has in flight ends in its own time.
        foreach (var entry in leaving)
            _ = roster.Retire(entry);
        events.Publish(new ReplicasReplaced(release.Tag, fresh.Count, leaving.Count + stopped.Count, Containers: release.Directory is null) { Time = time.GetUtcNow() });
    }

    private async Task StartAsync(LiveRelease release, List<ReplicaEntry> kept, List<ReplicaEntry> fresh, CancellationToken cancellationToken)
    {
        var taken = kept.Concat(fresh).Select(entry => entry.Replica.Number).ToHashSet();
        var number = Enumerable.Range(0, options.Count).First(candidate => !taken.Contains(candidate));
        var entry = roster.Add(await host.StartAsync(release, number, cancellationToken));
        fresh.Add(entry);
        await AdmitAsync(entry, cancellationToken);
    }

    private async Task AdmitAsync(ReplicaEntry entry, CancellationToken cancellationToken)
    {
        await health.WaitAsync(entry.Replica, cancellationToken);
        roster.Join(entry);
    }

    private async Task MakeRoomAsync(Queue<ReplicaEntry> leaving, int count, List<ReplicaEntry> stopped, CancellationToken cancellationToken)
    {
        for (var left = 0; left < count && leaving.TryDequeue(out var entry); left++)
        {
            stopped.Add(entry);
            await roster.Retire(entry).WaitAsync(cancellationToken);
        }
    }

    /// <summary>As many old ones as had left come back first; only then the new ones go.</summary>
    private async Task RestoreAsync(List<ReplicaEntry> fresh, List<ReplicaEntry> stopped)
    {
        try
        {
            foreach (var left in stopped)
                await PutBackAsync(left);
        }
        finally
        {
            await Task.WhenAll(fresh.Select(roster.Retire));
        }
    }

    private async Task PutBackAsync(ReplicaEntry left)
    {
        using var limit = new CancellationTokenSource(RestoreLimit + options.HealthTimeout, time);
        try
        {
            var entry = roster.Add(await host.StartAsync(left.Replica.Release, left.Replica.Number, limit.Token));
            await AdmitAsync(entry, limit.Token);
        }
        catch (Exception exception) when (exception is DewyException or OperationCanceledException)
        {
            events.Publish(new AttentionNeeded($"{left.Replica.Name} of {left.Replica.Release.Tag} could not be started again: {exception.Message}", left.Replica.Name, "The next cycle tries again.") { Time = time.GetUtcNow() });
        }
    }
}
