namespace Dewy.Engine.Notifications.Slack;

/// <summary>The thread a message belongs to.</summary>
/// <param name="Timestamp">Slack's time stamp of the message it hangs from.</param>
/// <param name="IsShownInChannel">Whether the channel shows it as well.</param>
internal sealed record SlackThread(string Timestamp, bool IsShownInChannel);
