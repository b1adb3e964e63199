using Polly;
using Polly.Retry;

namespace Dewy.Engine.Artifacts.Downloads;

/// <summary>Which failures of a registry are worth another try, and how soon.</summary>
internal static class TransientFailure
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    /// <summary>True for what may go away by itself: a broken connection, a time-out, a registry that is down.</summary>
    public static bool Includes(Exception? exception) => exception
        is IOException
        or HttpRequestException
        or DewyException { Code: ErrorCode.RegistryUnavailable or ErrorCode.RegistryTimeout or ErrorCode.DownloadTruncated };

    /// <summary>Tries again with exponential, jittered waits of 0.5 s to 30 s; a wait the registry asked for is kept up to 30 s.</summary>
    public static ResiliencePipeline Retry(int retries, TimeProvider timeProvider) =>
        new ResiliencePipelineBuilder { TimeProvider = timeProvider }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = retries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstDelay,
                MaxDelay = LongestDelay,
                ShouldHandle = arguments => ValueTask.FromResult(Includes(arguments.Outcome.Exception)),
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(
                    arguments.Outcome.Exception is DewyException { RetryAfter: { } asked }
                        ? TimeSpan.FromTicks(Math.Clamp(asked.Ticks, 0, LongestDelay.Ticks))
                        : null),
            })
            .Build();
}
