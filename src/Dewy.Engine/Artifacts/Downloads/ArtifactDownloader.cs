using Dewy.Engine.Artifacts.Hashing;
using Polly;
using Polly.Timeout;

namespace Dewy.Engine.Artifacts.Downloads;

/// <summary>
/// Fetches a file of a registry to disk and hashes it meanwhile: resumes and retries after a cut, obeys limits of size,
/// space and time. Nothing is left behind when it fails or is cancelled.
/// </summary>
internal sealed class ArtifactDownloader
{
    private const int RetriesWithoutProgress = 5;

    /// <summary>What a round of attempts must add to earn another round.</summary>
    private const long Progress = 1 << 20;

    private static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(24); // the longest Polly takes

    private readonly ArtifactOptions _options;
    private readonly IEngineEventSink _events;
    private readonly TimeProvider _timeProvider;
    private readonly ResiliencePipeline _deadline;
    private readonly ResiliencePipeline _retry;
    private readonly TimeSpan _timeout;

    public ArtifactDownloader(ArtifactOptions options, IEngineEventSink events, TimeProvider timeProvider)
    {
        _options = options;
        _events = events;
        _timeProvider = timeProvider;
        _timeout = options.DownloadTimeout < LongestTimeout ? options.DownloadTimeout : LongestTimeout;
        _deadline = new ResiliencePipelineBuilder { TimeProvider = timeProvider }.AddTimeout(_timeout).Build();
        _retry = TransientFailure.Retry(RetriesWithoutProgress, timeProvider);
    }

    /// <summary>Fetches into <see cref="DownloadRequest.Path"/>; the file is complete and durable on return, and not yet verified.</summary>
    /// <exception cref="DewyException">The registry's failure, <see cref="ErrorCode.DownloadTruncated"/>, <see cref="ErrorCode.DownloadTooLarge"/>,
    /// <see cref="ErrorCode.RegistryTimeout"/>, <see cref="ErrorCode.DiskFull"/> or <see cref="ErrorCode.RootReadOnly"/>.</exception>
    public async Task<ContentDigests> DownloadAsync(DownloadRequest request, CancellationToken cancellationToken)
    {
        var complete = false;
        try
        {
            using var session = new DownloadSession(request, _options.MaxArtifactSize, new DownloadMeter(request.Key, _events, _timeProvider), _timeProvider);
            await _deadline.ExecuteAsync(async token => await FetchAsync(session, token), cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            var digests = session.Finish();
            complete = true;
            return digests;

            async ValueTask FetchAsync(DownloadSession current, CancellationToken token)
            {
                long before;
                do
                    before = current.Farthest;
                while (!await TryRoundAsync(current, before, request, token));
            }
        }
        catch (TimeoutRejectedException exception)
        {
            throw DownloadFailure.Overdue(request, _timeout, exception);
        }
        finally
        {
            if (!complete)
                PartialFile.Delete(request.Path);
        }
    }

    /// <summary>A round of attempts; false where it failed, yet came far enough to deserve another.</summary>
    private async Task<bool> TryRoundAsync(DownloadSession session, long before, DownloadRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await _retry.ExecuteAsync(async token => await session.AttemptAsync(token), cancellationToken);
            return true;
        }
        catch (Exception exception) when (TransientFailure.Includes(exception))
        {
            if (session.Farthest - before >= Progress)
                return false;
            if (exception is DewyException)
                throw;
            throw DownloadFailure.Broken(request, session.Farthest, exception);
        }
    }
}
