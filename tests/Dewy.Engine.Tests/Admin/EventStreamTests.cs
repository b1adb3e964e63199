using System.Net;
using System.Text.Json;
using Dewy.Engine.Admin.Events;
using Dewy.Tests;
using Dewy.Tests.Admin;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.Engine.Tests.Admin;

public sealed class EventStreamTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_Live_ArriveAsLogLinesWithTheirKind()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        using var stream = await OpenAsync(admin);

        admin.Feed.Publish(new DeploymentStarted("d1", "v1.2.3", "v1.2.2", "agent") { Time = ScriptedOperations.Start });

        var line = await ReadDataAsync(stream);
        Assert.Equal("deployment_started", line.GetProperty("event").GetString());
        Assert.Equal("2026-03-04T12:00:00.000Z", line.GetProperty("time").GetString());
        Assert.Equal("INFO", line.GetProperty("level").GetString());
        Assert.Equal("v1.2.3", line.GetProperty("tag").GetString());
    }

    [Fact]
    public async Task Events_Before_AreReplayed()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        Publish(admin, 1, 300);

        using var stream = await OpenAsync(admin, "?replay=3");

        Assert.Equal(["v298", "v299", "v300"], await ReadTagsAsync(stream, 3));
    }

    [Fact]
    public async Task Events_LastEventId_ReplaysWhatWasMissed()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        Publish(admin, 1, 10);
        string id;
        using (var first = await OpenAsync(admin, "?replay=4"))
            id = await ReadIdAsync(first);

        using var again = await OpenAsync(admin, lastEventId: id);

        Assert.Equal(["v8", "v9", "v10"], await ReadTagsAsync(again, 3));
    }

    [Fact]
    public async Task Events_LastEventIdOfAnotherRun_ReplaysFromTheStart()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        Publish(admin, 1, 2);

        using var stream = await OpenAsync(admin, lastEventId: "0badcafe-2");

        Assert.Equal(["v1", "v2"], await ReadTagsAsync(stream, 2));
    }

    [Fact]
    public void Feed_ManyEvents_KeepsTheLast()
    {
        var feed = new EventFeed(new());
        for (var number = 1; number <= EventFeed.Kept + 20; number++)
            feed.Publish(new ServerStarted($"v{number}"));

        using var subscription = feed.Subscribe(lastEventId: null, replay: int.MaxValue);

        Assert.Equal(EventFeed.Kept, subscription.Missed.Count);
        Assert.Contains("v520", subscription.Missed[^1].Json, StringComparison.Ordinal);
    }

    [Fact]
    public void Feed_Progress_IsNotKept()
    {
        var feed = new EventFeed(new());
        feed.Publish(new ServerStarted("v1"));
        for (var bytes = 0; bytes < 1000; bytes++)
            feed.Publish(new DownloadProgressed("key", bytes, 1000));

        using var subscription = feed.Subscribe(lastEventId: null, replay: 10);

        Assert.Single(subscription.Missed);
    }

    [Fact]
    public void Feed_SlowListener_LosesTheOldestAndCounts()
    {
        var feed = new EventFeed(new());
        using var slow = feed.Subscribe(lastEventId: null, replay: 0);
        for (var number = 1; number <= EventSubscription.Capacity + 7; number++)
            feed.Publish(new ServerStarted($"v{number}"));

        Assert.Equal(7, slow.TakeDropped());
        Assert.Equal(0, slow.TakeDropped());
        Assert.True(slow.Lines.TryRead(out var first));
        Assert.Equal(8, first.Number);
    }

    [Fact]
    public void Feed_Secret_IsMasked()
    {
        var redactor = new Dewy.Engine.Diagnostics.SecretRedactor();
        redactor.Add("hunter2-and-more");
        var feed = new EventFeed(redactor);
        using var subscription = feed.Subscribe(lastEventId: null, replay: 0);

        feed.Publish(new AttentionNeeded("The password hunter2-and-more was refused.", "https://x:hunter2-and-more@host/", null));

        Assert.True(subscription.Lines.TryRead(out var item));
        Assert.DoesNotContain("hunter2-and-more", item.Json, StringComparison.Ordinal);
        Assert.Contains("***", item.Json, StringComparison.Ordinal);
    }

    [Fact]
    public void Feed_LineBreaks_StayInsideOneEvent()
    {
        var feed = new EventFeed(new());
        using var subscription = feed.Subscribe(lastEventId: null, replay: 0);

        feed.Publish(new AttentionNeeded("one\n\ndata: two\r\nevent: three", null, null));

        Assert.True(subscription.Lines.TryRead(out var item));
        Assert.DoesNotContain('\n', item.Json);
        Assert.DoesNotContain('\r', item.Json);
    }

    [Fact]
    public async Task Feed_ManyThreads_LoseNothing()
    {
        var feed = new EventFeed(new());
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(
            () =>
            {
                for (var number = 0; number < 50; number++)
                    feed.Publish(new ServerStarted($"v{thread}.{number}"));
            },
            Stop)));

        using var subscription = feed.Subscribe(lastEventId: null, replay: int.MaxValue);

        Assert.Equal(400, subscription.Missed.Count);
        Assert.Equal(Enumerable.Range(1, 400).Select(number => (long)number), subscription.Missed.Select(item => item.Number));
    }

    [Fact]
    public async Task Events_Silence_BringsAHeartbeat()
    {
        var time = new FakeTimeProvider();
        await using var admin = await AdminUnderTest.StartAsync(Stop, time);
        using var stream = await OpenAsync(admin);
        Assert.Equal("retry: 2000", await stream.ReadLineAsync(Stop));
        await stream.ReadLineAsync(Stop);

        var line = stream.ReadLineAsync(Stop).AsTask();
        await Eventually.IsTrueAsync(
            () =>
            {
                time.Advance(EventStream.Heartbeat);
                return line.IsCompleted;
            },
            "a heartbeat comes");

        Assert.StartsWith(": ", await line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_TooManyListeners_AreRefusedUntilOneLeaves()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        List<StreamReader> streams = [];
        for (var listener = 0; listener < EventStream.MaximumListeners; listener++)
            streams.Add(await OpenAsync(admin));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await admin.Client.GetAsync("api/events", Stop)).StatusCode);
        streams.ForEach(stream => stream.Dispose());

        for (var status = HttpStatusCode.ServiceUnavailable; status == HttpStatusCode.ServiceUnavailable;)
        {
            using var answer = await admin.Client.GetAsync("api/events", HttpCompletionOption.ResponseHeadersRead, Stop);
            status = answer.StatusCode;
        }
    }

    [Fact]
    public async Task Events_AgentStops_EndTheStreamSoon()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        using var stream = await OpenAsync(admin);
        await stream.ReadLineAsync(Stop);

        await admin.CloseAsync();

        Assert.NotNull(await Record.ExceptionAsync(async () =>
        {
            while (await stream.ReadLineAsync(Stop) is not null)
            {
            }

            throw new EndOfStreamException();
        }));
    }

    private static void Publish(AdminUnderTest admin, int from, int to)
    {
        for (var number = from; number <= to; number++)
            admin.Feed.Publish(new ServerStarted($"v{number}"));
    }

    private static async Task<StreamReader> OpenAsync(AdminUnderTest admin, string query = "", string? lastEventId = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"api/events{query}");
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        var answer = await admin.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return new StreamReader(await answer.Content.ReadAsStreamAsync(Stop));
    }

    private static async Task<JsonElement> ReadDataAsync(StreamReader stream)
    {
        while (await stream.ReadLineAsync(Stop) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                return JsonDocument.Parse(line[6..]).RootElement;
        }

        throw new EndOfStreamException();
    }

    private static async Task<string> ReadIdAsync(StreamReader stream)
    {
        while (await stream.ReadLineAsync(Stop) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                return line[4..];
        }

        throw new EndOfStreamException();
    }

    private static async Task<List<string>> ReadTagsAsync(StreamReader stream, int count)
    {
        List<string> tags = [];
        while (tags.Count < count)
            tags.Add((await ReadDataAsync(stream)).GetProperty("message").GetString()?.Split(' ')[^1] ?? "");
        return tags;
    }
}
