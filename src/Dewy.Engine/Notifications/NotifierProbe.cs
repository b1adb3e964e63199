namespace Dewy.Engine.Notifications;

/// <summary>What was found out about a notifier without sending anything.</summary>
/// <param name="Found">One sentence: what was tried and what was not.</param>
/// <param name="Failure">Why no message would be delivered; null where nothing says so.</param>
internal sealed record NotifierProbe(string Found, NotifierFailure? Failure = null);
