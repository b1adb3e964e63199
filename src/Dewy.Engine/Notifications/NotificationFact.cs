namespace Dewy.Engine.Notifications;

/// <summary>A short fact of a message.</summary>
internal sealed record NotificationFact(string Name, string Value);
