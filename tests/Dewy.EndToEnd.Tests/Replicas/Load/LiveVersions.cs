using Dewy.EndToEnd.Tests.Hosting;
using Dewy.Tests;

namespace Dewy.EndToEnd.Tests.Replicas.Load;

/// <summary>From when to when each version was in rotation, by the proxy's own word.</summary>
internal sealed class LiveVersions
{
    private readonly Dictionary<string, List<(DateTimeOffset From, DateTimeOffset To)>> _spans = new(StringComparer.Ordinal);

    public LiveVersions(RecordingEventSink events)
    {
        var left = events.Of<BackendDraining>().GroupBy(draining => draining.Backend).ToDictionary(group => group.Key, group => group.Min(draining => draining.Time), StringComparer.Ordinal);
        foreach (var added in events.Of<BackendAdded>())
        {
            if (!_spans.TryGetValue(added.Tag, out var spans))
                _spans[added.Tag] = spans = [];
            spans.Add((added.Time, left.GetValueOrDefault(added.Backend, DateTimeOffset.MaxValue)));
        }
    }

    /// <summary>
    /// Answers of a version none of whose replicas was in rotation while it could have been chosen: from the moment a request
    /// was due to the moment it was answered. An event is told a moment after the backend can be had.
    /// </summary>
    public IReadOnlyList<string> WrongAnswers(IEnumerable<Answer> answers) =>
    [
        .. answers.Where(answer => answer.Failure is null && !_spans.GetValueOrDefault(answer.Tag, []).Any(span => span.From - Slack <= answer.Ended && answer.Began - Slack <= span.To))
            .Select(answer => $"{answer.Body} answered a request from {answer.Began:HH:mm:ss.fff} to {answer.Ended:HH:mm:ss.fff}"),
    ];

    private static TimeSpan Slack => TimeSpan.FromMilliseconds(20);
}
