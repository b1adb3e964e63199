using Dewy.Engine.Registries;
using Dewy.Engine.Registries.Buckets;
using Dewy.Engine.Registries.GoogleCloudStorage;
using Dewy.Engine.Registries.Http;
using Dewy.Engine.Tests.Registries.Buckets;
using Dewy.Tests.Http;
using Xunit;

namespace Dewy.Engine.Tests.Registries.GoogleCloudStorage;

public sealed class GcsBucketStoreTests : BucketStoreContract
{
    private readonly GcsFixture _registry = new();
    private GcsBucketStore? _store;

    private protected override IBucketStore Store => _store ?? throw new InvalidOperationException("Not started.");

    public override async ValueTask InitializeAsync()
    {
        await _registry.StartAsync();
        var address = GcsAddress.Read(RegistryCatalog.BuiltIn.Parse($"{_registry.Url}?{_registry.Parameters}"), _ => null);
        _store = new GcsBucketStore(address, _registry.Services, new HttpCallText { Subject = "the bucket", Target = "the bucket" });
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_store is not null)
            await _store.DisposeAsync();
        await _registry.DisposeAsync();
    }

    [Fact]
    public async Task Read_LaterByTheServersClock_TellsHowOldItIsWhateverThisHostsClockSays()
    {
        await WriteAsync("shared/x.json", "first", BucketCondition.None);
        _registry.Time.Advance(TimeSpan.FromMinutes(7)); // the server's clock in this test

        var read = await Store.ReadAsync("shared/x.json", null, Token);

        Assert.Equal(TimeSpan.FromMinutes(7), read?.Age);
    }

    [Fact]
    public async Task Read_BucketIsMissing_IsAFailureAndNotAMissingObject()
    {
        _registry.Server.Add(new Fault.Answer(404, """{"error":{"code":404,"message":"The specified bucket does not exist."}}""") { When = request => request.Path != "/token" });

        Assert.Equal(ErrorCode.RegistryNotFound, (await Assert.ThrowsAsync<DewyException>(() => Store.ReadAsync("shared/x.json", null, Token))).Code);
    }
}
