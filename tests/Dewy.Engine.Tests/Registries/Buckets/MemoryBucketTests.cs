using Dewy.Engine.Registries.Buckets;

namespace Dewy.Engine.Tests.Registries.Buckets;

/// <summary>The stand-in is held to the same contract as the real ones.</summary>
public sealed class MemoryBucketTests : BucketStoreContract
{
    private readonly MemoryBucket _bucket = new(TimeProvider.System);

    private protected override IBucketStore Store => _bucket;

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public override ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _bucket.DisposeAsync();
    }
}
