using System.Text;

namespace Dewy.Engine.Registries.Buckets;

/// <summary>
/// Finds out whether a bucket obeys conditional writes. Amazon S3 does since 2024, Google Cloud Storage always did; other
/// servers of S3's protocol may ignore the condition, which looks like success, or refuse the request.
/// </summary>
internal sealed class ConditionalWrites(SharedBucket bucket, string impossibleValidator) : IDisposable
{
    private const string Probe = ".dewy-conditions";

    private static readonly byte[] Content = Encoding.ASCII.GetBytes("Tells Dewy whether this bucket obeys If-Match and If-None-Match.\n");

    private readonly SemaphoreSlim _gate = new(1, 1);
    private bool? _areHonoured;

    /// <summary>Whether they are obeyed: three small requests, once.</summary>
    /// <exception cref="BucketUnusableException">The bucket does not tell at the moment.</exception>
    public async Task<bool> AreHonouredAsync(CancellationToken cancellationToken)
    {
        if (_areHonoured is { } known)
            return known;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_areHonoured is { } meanwhile)
                return meanwhile;
            var found = await TryAsync(cancellationToken);
            _areHonoured = found;
            if (!found)
            {
                bucket.Warn(
                    $"{bucket.DisplayName} ignores conditions of writes, so hosts cannot agree there: some may ask the registry or download an artifact at the same time.",
                    "Use a bucket whose server supports If-Match and If-None-Match where that matters.");
            }

            return found;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        // The probe is there from now on: a write for its absence must fail, as must one for a content it never had.
        await bucket.WriteAsync(Probe, Content, BucketCondition.None, cancellationToken);
        return await IsRefusedAsync(BucketCondition.Absent) && await IsRefusedAsync(BucketCondition.Has(impossibleValidator));

        async Task<bool> IsRefusedAsync(BucketCondition condition) =>
            await bucket.TryWriteAsync(Probe, Content, condition, cancellationToken) is (IsUnderstood: true, Validator: null);
    }
}
