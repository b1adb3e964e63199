using Dewy.Engine.Notifications;
using Dewy.Tests;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.Engine.Tests.Notifications;

public sealed class NotificationQueueTests
{
    private static readonly NotifierFailure Down = new("it is down", "Wait", IsTransient: true);
    private static readonly NotifierFailure Refused = new("it refuses", "Correct it", IsTransient: false);

    private readonly FakeTimeProvider _time = new(Sample.Time);
    private readonly RecordingEventSink _events = new();
    private readonly ScriptedNotifier _notifier = new();

    [Fact]
    public async Task Post_Messages_AreSentInOrder()
    {
        await using var queue = Open();

        for (var number = 1; number <= 20; number++)
            queue.Post(Sample.Message($"{number}"));
        await queue.FlushAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(Enumerable.Range(1, 20).Select(number => $"{number}"), _notifier.Tries);
        Assert.Empty(_events.Events);
    }

    [Fact]
    public async Task Post_QuietNotifier_KeepsResultsFailuresAndRecoveries()
    {
        await using var queue = Open("slack://a?quiet=true");

        foreach (var kind in Enum.GetValues<NotificationKind>())
            queue.Post(Sample.Message($"{kind}") with { Kind = kind });
        await queue.FlushAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(["Result", "Failure", "Recovery"], _notifier.Tries);
    }

    [Fact]
    public async Task Post_NotifierHangs_NeverWaitsAndDropsTheOldest()
    {
        _notifier.OnSend = Hang;
        await using var queue = Open();
        queue.Post(Sample.Message("hangs"));
        await Eventually.IsTrueAsync(() => _notifier.Tries.Count == 1, "the first is being sent");

        for (var number = 1; number <= NotificationQueue.Capacity + 7; number++)
            queue.Post(Sample.Message($"{number}")); // would never return if it waited
        _notifier.OnSend = (_, _) => Task.FromResult<NotifierFailure?>(null);
        await AdvanceUntilAsync(() => _notifier.Tries.Count >= 2 + NotificationQueue.Capacity);

        Assert.Equal(["hangs", "hangs", "8"], _notifier.Tries.Take(3));
        Assert.Contains(_events.Of<AttentionNeeded>(), told => told.Message.StartsWith("7 notifications to slack://a were dropped", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Post_TransientFailures_AreRetriedFurtherAndFurtherApart()
    {
        var tries = new List<DateTimeOffset>();
        _notifier.OnSend = (_, _) =>
        {
            lock (tries)
                tries.Add(_time.GetUtcNow());
            return Task.FromResult<NotifierFailure?>(Down);
        };
        await using var queue = Open();

        queue.Post(Sample.Message("lost"));
        await AdvanceUntilAsync(() => _events.Of<AttentionNeeded>().Any());

        Assert.Equal(5, tries.Count);
        Assert.True(tries[^1] - tries[0] >= TimeSpan.FromSeconds(4));
        var told = Assert.Single(_events.Of<AttentionNeeded>());
        Assert.Equal("The notification \"lost\" was not delivered to slack://a: it is down.", told.Message);
        Assert.Equal(("slack://a", "Wait."), (told.Target, told.NextStep));
    }

    [Fact]
    public async Task Post_FailureForGood_IsToldAtOnceAndTheNextMessageGoesOn()
    {
        _notifier.OnSend = (message, _) => Task.FromResult(message.Text == "bad" ? Refused : null);
        await using var queue = Open();

        queue.Post(Sample.Message("bad"));
        queue.Post(Sample.Message("good"));
        await queue.FlushAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(["bad", "good"], _notifier.Tries);
        Assert.Single(_events.Of<AttentionNeeded>());
    }

    [Theory]
    [InlineData(42, 42)]
    [InlineData(86_400, 300)]
    public async Task Post_ServiceSaysHowLong_IsObeyedUpToALimit(int seconds, int waits)
    {
        var tries = new List<DateTimeOffset>();
        _notifier.OnSend = (_, _) =>
        {
            lock (tries)
                tries.Add(_time.GetUtcNow());
            return Task.FromResult(tries.Count == 1 ? Down with { RetryAfter = TimeSpan.FromSeconds(seconds) } : null);
        };
        await using var queue = Open();

        queue.Post(Sample.Message());
        await AdvanceUntilAsync(() => tries.Count == 2);

        Assert.InRange((tries[1] - tries[0]).TotalSeconds, waits, waits + 1);
        Assert.Empty(_events.Of<AttentionNeeded>());
    }

    [Fact]
    public async Task Flush_NotifierHangs_EndsInTimeAndTellsWhatWasLost()
    {
        _notifier.OnSend = Hang;
        await using var queue = Open();
        queue.Post(Sample.Message("first"));
        queue.Post(Sample.Message("second"));
        await Eventually.IsTrueAsync(() => _notifier.Tries.Count == 1, "the first is being sent");

        var flushing = queue.FlushAsync(TimeSpan.FromSeconds(5));
        Assert.False(flushing.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(5));
        await flushing.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal(2, _events.Of<AttentionNeeded>().Count());
        Assert.All(["first", "second"], text => Assert.Contains(_events.Of<AttentionNeeded>(), told => told.Message.Contains(text, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Post_NotifierThrows_TheNextMessageStillGoes()
    {
        _notifier.OnSend = (message, _) => message.Text == "bad" ? throw new InvalidOperationException("A defect.") : Task.FromResult<NotifierFailure?>(null);
        await using var queue = Open();

        queue.Post(Sample.Message("bad"));
        queue.Post(Sample.Message("good"));
        await queue.FlushAsync(TimeSpan.FromSeconds(5));

        Assert.Contains("good", _notifier.Tries);
        Assert.Contains("A defect", Assert.Single(_events.Of<AttentionNeeded>()).Message, StringComparison.Ordinal);
    }

    private static async Task<NotifierFailure?> Hang(NotificationMessage message, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return null;
    }

    private NotificationQueue Open(string url = "slack://a") =>
        new(new NotificationDelivery(NotifierAddress.Parse(url), _notifier, new NotifierServices { Time = _time }), _events, _time);

    private Task AdvanceUntilAsync(Func<bool> condition) => Eventually.IsTrueAsync(
        () =>
        {
            if (condition())
                return true;
            _time.Advance(TimeSpan.FromSeconds(1));
            return false;
        },
        "it came to that");
}
