namespace Dewy.Engine.Artifacts.Downloads;

/// <summary>What can go wrong with a download, said so that a person can act on it.</summary>
internal static class DownloadFailure
{
    private const string Phase = "fetch";

    public static void RefuseTooLarge(DownloadRequest request, long? size, long maxSize)
    {
        if (size > maxSize)
            throw TooLarge(request, $"it has {size:N0} bytes", maxSize);
    }

    public static DewyException TooLarge(DownloadRequest request, string reason, long maxSize) =>
        new(ErrorCode.DownloadTooLarge, $"{request.Description} is larger than the limit of {maxSize:N0} bytes: {reason}.")
        {
            Phase = Phase,
            Target = request.Asset.Location.ToString(),
            NextStep = "Check the artifact, or raise --max-artifact-size.",
        };

    public static DewyException LongerThanAnnounced(DownloadRequest request, long announced) =>
        new(ErrorCode.DownloadTooLarge, $"{request.Description} is longer than the {announced:N0} bytes the registry announced.")
        {
            Phase = Phase,
            Target = request.Asset.Location.ToString(),
            NextStep = "Check whether the artifact was replaced while it was fetched; the next cycle asks the registry again.",
        };

    public static DewyException Truncated(DownloadRequest request, long bytes, long expected, Exception? inner) =>
        new(ErrorCode.DownloadTruncated, $"{request.Description} ended after {bytes:N0} of {expected:N0} bytes.", inner)
        {
            Phase = Phase,
            Target = request.Asset.Location.ToString(),
            NextStep = "Check the connection to the registry and that the artifact was uploaded completely.",
        };

    public static DewyException Stalled(DownloadRequest request, long bytes, Exception inner) =>
        new(ErrorCode.RegistryTimeout, $"No byte of {request.Description} came for {DownloadSession.StallLimit.TotalSeconds:N0} s, after {bytes:N0} bytes.", inner)
        {
            Phase = Phase,
            Target = request.Asset.Location.ToString(),
            NextStep = "Check the connection to the registry.",
        };

    public static DewyException Overdue(DownloadRequest request, TimeSpan limit, Exception inner) =>
        new(ErrorCode.RegistryTimeout, $"{request.Description} was not complete after {limit:c}, the longest a download may take.", inner)
        {
            Phase = Phase,
            Target = request.Asset.Location.ToString(),
            NextStep = "Check the connection to the registry and the size of the artifact.",
        };

    public static DewyException WrongOffset(DownloadRequest request, long offset) =>
        new(ErrorCode.RegistryMalformed, $"The registry answered with {request.Description} from byte {offset:N0}, which was not asked for.")
        {
            Phase = Phase,
            Target = request.Asset.Location.ToString(),
            NextStep = "Check what stands between this host and the registry: a proxy may rewrite range requests.",
        };

    /// <summary>A broken connection that every attempt ended in.</summary>
    public static DewyException Broken(DownloadRequest request, long bytes, Exception inner) =>
        new(
            inner is HttpRequestException ? ErrorCode.RegistryUnavailable : ErrorCode.DownloadTruncated,
            $"The download of {request.Description} broke off after {bytes:N0} bytes, each time it was tried: {inner.Message}",
            inner)
        {
            Phase = Phase,
            Target = request.Asset.Location.ToString(),
            NextStep = "Check the connection to the registry.",
        };
}
