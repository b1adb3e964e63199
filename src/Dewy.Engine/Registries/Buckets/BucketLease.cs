using System.Text.Json;

namespace Dewy.Engine.Registries.Buckets;

/// <summary>
/// One host of a fleet at a time: an object that only one can create, renewed while its holder lives and removed when it is
/// done. A lease that was not renewed for <see cref="Duration"/> belongs to a host that died, and may be taken over. Ages are
/// told by the bucket's clock, or by watching the object, never by comparing clocks of hosts. Best effort: whoever depends on
/// being alone must check.
/// </summary>
internal sealed class BucketLease(SharedBucket bucket, string name, TimeProvider timeProvider)
{
    /// <summary>How long a lease holds without being renewed.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    /// <summary>Dates of servers have whole seconds.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    /// <summary>Where conditions are ignored: the time in which somebody else's write shows.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    private (string Validator, long Since)? _watched;

    /// <summary>The host that held it when it was last looked at.</summary>
    public string? Holder { get; private set; }

    /// <summary>The lease, or null where another host has it.</summary>
    /// <exception cref="BucketUnusableException">The bucket fails.</exception>
    public async Task<BucketLeaseHold?> TryAcquireAsync(CancellationToken cancellationToken)
    {
        if (!await bucket.HonoursConditionsAsync(cancellationToken))
            return await TryAcquireUnconditionallyAsync(cancellationToken);
        if (await bucket.WriteAsync(name, Text(), BucketCondition.Absent, cancellationToken) is { } validator)
            return Hold(validator);
        var there = await bucket.ReadAsync(name, knownValidator: null, cancellationToken);
        if (there is not null && !IsDead(there))
            return null;
        var condition = there is null ? BucketCondition.Absent : BucketCondition.Has(there.Validator);
        return await bucket.WriteAsync(name, Text(), condition, cancellationToken) is { } taken ? Hold(taken) : null;
    }

    /// <summary>A new content for each write, so that each has another entity tag.</summary>
    private byte[] Text() => JsonSerializer.SerializeToUtf8Bytes(new LeaseText(bucket.Host, Guid.NewGuid(), timeProvider.GetUtcNow()), LeaseJson.Default.LeaseText);

    private BucketLeaseHold Hold(string validator) => new(bucket, name, validator, Text, timeProvider);

    private bool IsDead(BucketContent there)
    {
        Holder = ReadHolder(there) ?? Holder;
        if (!string.Equals(_watched?.Validator, there.Validator, StringComparison.Ordinal))
            _watched = (there.Validator, timeProvider.GetTimestamp());
        var watched = _watched is { } watch ? timeProvider.GetElapsedTime(watch.Since) : TimeSpan.Zero;
        return watched > Duration || there.Age > Duration + Tolerance;
    }

    private async Task<BucketLeaseHold?> TryAcquireUnconditionallyAsync(CancellationToken cancellationToken)
    {
        var there = await bucket.ReadAsync(name, knownValidator: null, cancellationToken);
        if (there is not null && !IsDead(there))
            return null;

        // Who wrote last has it, if everybody looks again after everybody had the time to write.
        var ours = await bucket.WriteAsync(name, Text(), BucketCondition.None, cancellationToken);
        await Task.Delay(Settling, timeProvider, cancellationToken);
        var last = await bucket.ReadAsync(name, knownValidator: null, cancellationToken);
        return ours is not null && string.Equals(last?.Validator, ours, StringComparison.Ordinal) ? Hold(ours) : null;
    }

    private static string? ReadHolder(BucketContent there)
    {
        try
        {
            return there.Bytes is { } bytes ? JsonSerializer.Deserialize(bytes, LeaseJson.Default.LeaseText)?.Holder : null;
        }
        catch (JsonException)
        {
            return null; // nobody's, then; its age counts all the same
        }
    }
}
