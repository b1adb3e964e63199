using System.Net.Sockets;

namespace Dewy.Engine.Replicas;

/// <summary>
/// Waits until a replica is healthy: a 2xx answer to <c>GET</c> (redirects are not followed), or an accepted connection
/// where no path is given. The first try comes at once, then with 0.25 s growing to 2 s in between; with 0.1 s while others
/// answer instead, because who takes a connection is a matter of chance.
/// </summary>
internal sealed class HealthCheck(TimeProvider time)
{
    /// <summary>Longest a single try may take.</summary>
    public static readonly TimeSpan TryTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PauseAfterOthers = TimeSpan.FromSeconds(0.1);

    /// <summary>Connections of one try where others accept on the same socket: enough that one of them reaches the replica.</summary>
    private const int FewestConnections = 4;
    private const int MostConnections = 32;

    /// <summary>Checks until healthy, until the time is over, or until the replica is gone.</summary>
    /// <param name="target">What to ask.</param>
    /// <param name="timeout">How long in all.</param>
    /// <param name="gone">Completes when the replica has ended: then there is nothing to wait for.</param>
    /// <param name="ownerOf">Tells who took a connection, where the replica shares its listening socket with others; null otherwise.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<HealthReport> RunAsync(
        HealthTarget target, TimeSpan timeout, Task gone, Func<Socket, CancellationToken, Task<AnsweredBy>>? ownerOf, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var over = new CancellationTokenSource(timeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        var last = "it was not asked";
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            var trying = TryAsync(target, ownerOf, attempt, limit.Token);
            var ended = await Task.WhenAny(trying, gone) == gone;
            if (ended)
                await limit.CancelAsync();
            var answer = await trying;
            cancellationToken.ThrowIfCancellationRequested();
            if (ended)
                return Report(false, "it ended");
            if (answer.Healthy)
                return Report(true, answer.Description);
            if (!over.IsCancellationRequested || attempt == 1)
                last = answer.Description;
            try
            {
                await Task.WhenAny(Task.Delay(answer.By == AnsweredBy.Other ? PauseAfterOthers : pause, time, limit.Token), gone);
                limit.Token.ThrowIfCancellationRequested();
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return Report(false, last);
            }

            if (answer.By != AnsweredBy.Other)
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;

            HealthReport Report(bool healthy, string answered) => new(target, healthy, attempt, answered, time.GetElapsedTime(started));
        }
    }

    /// <summary>One try as <see cref="RunAsync"/> makes it, with its own time limit. Cancellation is an answer, too.</summary>
    private async Task<HealthAnswer> TryAsync(
        HealthTarget target, Func<Socket, CancellationToken, Task<AnsweredBy>>? ownerOf, int attempt, CancellationToken cancellationToken)
    {
        using var tryLimit = new CancellationTokenSource(TryTimeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(tryLimit.Token, cancellationToken);
        var probe = new HealthProbe(time, ownerOf);
        if (ownerOf is null)
            return await OrNothingAsync(probe.TryAsync(target, limit.Token));

        var connections = Math.Min(FewestConnections << Math.Min(attempt - 1, 8), MostConnections);
        var open = probe.TryAtOnce(target, connections, limit.Token).Select(OrNothingAsync).ToList();
        var answers = new List<HealthAnswer>(connections);
        await foreach (var finished in Task.WhenEach(open))
        {
            answers.Add(await finished);
            if (answers[^1].By == AnsweredBy.Replica)
                await limit.CancelAsync(); // this one counts; WhenEach goes on until the others have given up
        }

        return Choose(answers);
    }

    /// <summary>Where one connection of several was attributed, one that was not says nothing: it may have been anybody's.</summary>
    private static HealthAnswer Choose(List<HealthAnswer> answers)
    {
        if (answers.Find(answer => answer.By == AnsweredBy.Replica) is { } own)
            return own;
        if (answers.Find(answer => answer.By == AnsweredBy.Other) is { } other)
            return new HealthAnswer(false, $"only what ran before answered: {other.Description}", AnsweredBy.Other);
        return answers.Find(answer => answer.Healthy) ?? answers[0];
    }

    private static async Task<HealthAnswer> OrNothingAsync(Task<HealthAnswer> trying)
    {
        try
        {
            return await trying;
        }
        catch (OperationCanceledException)
        {
            return new HealthAnswer(false, "no answer in time");
        }
    }
}
