namespace Dewy.Engine.Registries.Answers;

/// <summary>An answer this host knows.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Validator">Its version in the bucket; null where it never got there.</param>
/// <param name="AgeThen">Age of the listing when the host learned it.</param>
/// <param name="WrittenAgeThen">Age of the last attempt to ask, failed ones included.</param>
/// <param name="Since">Timestamp of that moment.</param>
internal sealed record HeldAnswer(RegistryAnswer Answer, string? Validator, TimeSpan AgeThen, TimeSpan WrittenAgeThen, long Since)
{
    /// <summary>Longer ago is all the same.</summary>
    public static readonly TimeSpan Oldest = TimeSpan.FromDays(10_000);

    /// <summary>Whether the registry need not be asked: it answered, or failed somebody, in this window.</summary>
    public bool IsFresh(TimeSpan window, TimeProvider timeProvider)
    {
        var sinceThen = timeProvider.GetElapsedTime(Since);
        if (Answer.Failure is { } failure)
        {
            var pause = TimeSpan.FromSeconds(Math.Clamp(failure.RetryAfterSeconds ?? 0, 0, 86_400));
            return WrittenAgeThen + sinceThen < (pause > window ? pause : window);
        }

        return AgeThen + sinceThen < window;
    }

    /// <summary>How old the listing is by now.</summary>
    public TimeSpan AgeOfListing(TimeProvider timeProvider) => AgeThen + timeProvider.GetElapsedTime(Since);
}
