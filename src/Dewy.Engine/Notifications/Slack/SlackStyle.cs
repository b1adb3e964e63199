namespace Dewy.Engine.Notifications.Slack;

/// <summary>How a channel's messages look.</summary>
/// <param name="Channel">Name or id of the channel.</param>
/// <param name="Title">What stands above a message's details; the application's name where null.</param>
/// <param name="Url">Where the title leads.</param>
internal sealed record SlackStyle(string Channel, string? Title, string? Url);
