using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Dewy.Engine.Admin.Events;

/// <summary><c>GET /api/events</c>: server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).</summary>
internal sealed class EventStream(EventFeed feed, TimeProvider time, CancellationToken stopping)
{
    /// <summary>Listeners at once; a page that is left open in every browser must not take all connections.</summary>
    public const int MaximumListeners = 32;

    /// <summary>Lines of the time before that are sent where the listener says nothing about it.</summary>
    private const int DefaultReplay = 200;

    /// <summary>A comment is sent after so much silence: it finds out listeners that are gone, and keeps proxies from closing.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private int _listeners;

    public async Task AnswerAsync(HttpContext context)
    {
        if (Interlocked.Increment(ref _listeners) > MaximumListeners)
        {
            Interlocked.Decrement(ref _listeners);
            throw new AdminProblemException(StatusCodes.Status503ServiceUnavailable, "TooManyListeners", $"There are {MaximumListeners} listeners already.", "Close a page or stream that is not needed.");
        }

        try
        {
            await StreamAsync(context);
        }
        finally
        {
            Interlocked.Decrement(ref _listeners);
        }
    }

    private async Task StreamAsync(HttpContext context)
    {
        var replay = QueryNumber.Read(context.Request, "replay", DefaultReplay, 0, EventFeed.Kept);
        var last = context.Request.Headers["Last-Event-ID"].ToString();
        using var subscription = feed.Subscribe(last.Length > 0 ? last : null, replay);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            var text = new StringBuilder("retry: 2000\n\n");
            foreach (var item in subscription.Missed)
                Append(text, item);
            await SendAsync(context, text, end.Token);
            while (true)
            {
                if (!await WaitAsync(subscription, end.Token))
                    text.Append(": still here\n\n");
                if (subscription.TakeDropped() is > 0 and var dropped)
                    text.Append($"event: dropped\ndata: {{\"count\":{dropped}}}\n\n");
                for (var taken = 0; taken < EventSubscription.Capacity && subscription.Lines.TryRead(out var item); taken++)
                    Append(text, item);
                await SendAsync(context, text, end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The listener left, or the agent ends.
        }
    }

    /// <summary>Waits for lines; false where a heartbeat is due first.</summary>
    private async Task<bool> WaitAsync(EventSubscription subscription, CancellationToken cancellationToken)
    {
        using var heartbeat = new CancellationTokenSource(Heartbeat, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, heartbeat.Token);
        try
        {
            return await subscription.Lines.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async Task SendAsync(HttpContext context, StringBuilder text, CancellationToken cancellationToken)
    {
        await context.Response.WriteAsync(text.ToString(), cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
        text.Clear();
    }

    private void Append(StringBuilder text, FeedItem item) => text.Append("id: ").Append(feed.IdOf(item)).Append("\ndata: ").Append(item.Json).Append("\n\n");
}
