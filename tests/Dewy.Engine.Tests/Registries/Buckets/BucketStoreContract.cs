using System.Text;
using Dewy.Engine.Registries.Buckets;
using Xunit;

namespace Dewy.Engine.Tests.Registries.Buckets;

/// <summary>What the parts that share a bucket expect of it.</summary>
public abstract class BucketStoreContract : IAsyncLifetime
{
    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected abstract IBucketStore Store { get; }

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task Write_OnlyWhereAbsent_SucceedsOnce()
    {
        Assert.NotNull(await WriteAsync("shared/a+b c/ü.json", "first", BucketCondition.Absent));
        Assert.Null(await WriteAsync("shared/a+b c/ü.json", "second", BucketCondition.Absent));

        Assert.Equal("first", await ReadAsync("shared/a+b c/ü.json"));
    }

    [Fact]
    public async Task Write_OnlyWhereUnchanged_SucceedsForWhoeverSawTheLastVersion()
    {
        var first = await WriteAsync("shared/x.json", "first", BucketCondition.None) ?? "";
        var second = await WriteAsync("shared/x.json", "second", BucketCondition.Has(first));

        Assert.NotNull(second);
        Assert.NotEqual(first, second);
        Assert.Null(await WriteAsync("shared/x.json", "third", BucketCondition.Has(first)));
        Assert.Equal("second", await ReadAsync("shared/x.json"));
    }

    [Fact]
    public async Task Write_ConditionOnWhatIsGoneOrNeverWas_DoesNotHold()
    {
        var first = await WriteAsync("shared/x.json", "first", BucketCondition.None) ?? "";
        await Store.DeleteAsync("shared/x.json", Token);

        Assert.Null(await WriteAsync("shared/x.json", "second", BucketCondition.Has(first)));
        Assert.Null(await WriteAsync("shared/x.json", "second", BucketCondition.Has(Store.ImpossibleValidator)));
        Assert.Null(await Store.ReadAsync("shared/x.json", null, Token));
    }

    [Fact]
    public async Task Read_KnownVersion_ComesWithoutContentUntilItChanges()
    {
        var first = await WriteAsync("shared/x.json", "first", BucketCondition.None);

        var same = await Store.ReadAsync("shared/x.json", first, Token);
        var second = await WriteAsync("shared/x.json", "second", BucketCondition.None);
        var changed = await Store.ReadAsync("shared/x.json", first, Token);

        Assert.Null(same?.Bytes);
        Assert.Equal(first, same?.Validator);
        Assert.Equal("second", Encoding.UTF8.GetString(changed?.Bytes ?? []));
        Assert.Equal(second, changed?.Validator);
    }

    [Fact]
    public async Task Read_JustWritten_IsSecondsOldByTheBucketsClock()
    {
        await WriteAsync("shared/x.json", "first", BucketCondition.None);

        var read = await Store.ReadAsync("shared/x.json", null, Token);

        Assert.InRange(read?.Age ?? TimeSpan.MaxValue, TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Delete_NotThere_IsNoFailure() => await Store.DeleteAsync("shared/never.json", Token);

    [Fact]
    public async Task Write_Stream_StoresItAllAndLeavesItOpen()
    {
        using var content = new MemoryStream([.. "0123456789"u8]);

        await Store.WriteAsync("shared/x.bin", new BucketUpload { Content = content, Length = 10, Sha256 = Digest.Sha256(System.Security.Cryptography.SHA256.HashData(content.ToArray())) }, BucketCondition.None, Token);

        Assert.True(content.CanRead);
        await using var stored = await Store.OpenAsync(new BucketObjectName("shared/x.bin", "x.bin", 10), 0, null, Token);
        using var bytes = new MemoryStream();
        await stored.Stream.CopyToAsync(bytes, Token);
        Assert.Equal(content.ToArray(), bytes.ToArray());
        Assert.Equal(10, stored.TotalLength);
    }

    private protected Task<string?> WriteAsync(string key, string text, BucketCondition condition) =>
        Store.WriteAsync(key, BucketUpload.Of(Encoding.UTF8.GetBytes(text)), condition, Token);

    private async Task<string?> ReadAsync(string key) =>
        (await Store.ReadAsync(key, null, Token))?.Bytes is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
}
