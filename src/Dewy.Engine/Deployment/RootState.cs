using Dewy.Engine.Replicas;

namespace Dewy.Engine.Deployment;

/// <summary>
/// What is remembered of a root, in <c>.dewy/state.json</c>. Changed only through <see cref="StateStore.UpdateAsync"/>,
/// by agents and by operators' commands in other processes alike.
/// </summary>
internal sealed record RootState
{
    /// <summary>Images remembered as good.</summary>
    public const int MaximumGood = 20;

    /// <summary>The format this Dewy writes and the highest it reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Answers of this many requests are remembered.</summary>
    public const int MaximumAnswers = 16;

    /// <summary>Requests that wait; more drop the oldest.</summary>
    public const int MaximumRequests = 16;

    /// <summary>Number of the file's format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Grows by one with each write; tells a change from none.</summary>
    public long Revision { get; init; }

    /// <summary>The live release: the pointer. Set last, when a deployment is healthy.</summary>
    public LiveRelease? Current { get; init; }

    /// <summary>The release that was live before: what a rollback without a name goes to.</summary>
    public LiveRelease? Previous { get; init; }

    /// <summary>Images that were live and good, newest first: what a rollback of container mode chooses from.</summary>
    public IReadOnlyList<LiveRelease> Good { get; init; } = [];

    public IReadOnlyList<BlockedRelease> Blocked { get; init; } = [];

    public ReleasePin? Pin { get; init; }

    public ReleasePause? Pause { get; init; }

    /// <summary>The deployment in flight; one that is still here when an agent starts was interrupted.</summary>
    public DeploymentAttempt? Attempt { get; init; }

    /// <summary>When the registry last answered (UTC).</summary>
    public DateTimeOffset? LastCheck { get; init; }

    /// <summary>The newest tag it had then.</summary>
    public string? NewestTag { get; init; }

    /// <summary>What operators asked of the agent from other processes, oldest first.</summary>
    public IReadOnlyList<OperatorRequest> Requests { get; init; } = [];

    /// <summary>What became of requests, oldest first; the last <see cref="MaximumAnswers"/>.</summary>
    public IReadOnlyList<RequestAnswer> Answers { get; init; } = [];

    /// <summary>The agent that last ran here; null where none did.</summary>
    public AgentDescription? Agent { get; init; }

    /// <summary>With an image remembered as good.</summary>
    public RootState Remember(LiveRelease? image) =>
        image is not { Directory: null } ? this : this with { Good = [.. Good.Where(known => !known.IsSameAs(image)).Prepend(image).Take(MaximumGood)] };

    /// <summary>With an operator's pause; an earlier one stands.</summary>
    public RootState PausedBy(string by, DateTimeOffset at) => this with { Pause = Pause ?? new ReleasePause(at, by) };

    /// <summary>Without pause and pin.</summary>
    public RootState Resumed() => this with { Pause = null, Pin = null };

    /// <summary>With a request added.</summary>
    public RootState Ask(OperatorRequest request) => this with { Requests = [.. Requests.Append(request).TakeLast(MaximumRequests)] };

    /// <summary>With a request answered and no longer waiting.</summary>
    public RootState Answer(RequestAnswer answer) => this with
    {
        Requests = [.. Requests.Where(request => !string.Equals(request.Id, answer.RequestId, StringComparison.Ordinal))],
        Answers = [.. Answers.Append(answer).TakeLast(MaximumAnswers)],
    };
}
