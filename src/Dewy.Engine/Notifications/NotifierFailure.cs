namespace Dewy.Engine.Notifications;

/// <summary>Why a message was not delivered.</summary>
/// <param name="Reason">One sentence without its full stop, to stand after "was not delivered: ".</param>
/// <param name="NextStep">What to do about it.</param>
/// <param name="IsTransient">Whether trying again may help.</param>
/// <param name="RetryAfter">How long the service wants to be left alone, where it says.</param>
internal sealed record NotifierFailure(string Reason, string NextStep, bool IsTransient, TimeSpan? RetryAfter = null);
