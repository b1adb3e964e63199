namespace Dewy.Engine.Admin.Events;

/// <summary>One line of the feed.</summary>
/// <param name="Number">Counts from 1 as long as the agent runs.</param>
/// <param name="Json">One JSON object without line breaks, secrets removed: <c>event</c>, then what a log line has.</param>
internal sealed record FeedItem(long Number, string Json);
