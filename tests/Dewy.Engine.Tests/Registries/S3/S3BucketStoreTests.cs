using Dewy.Engine.Registries;
using Dewy.Engine.Registries.Buckets;
using Dewy.Engine.Registries.Http;
using Dewy.Engine.Registries.S3;
using Dewy.Engine.Tests.Registries.Buckets;
using Dewy.Tests.Http;
using Dewy.Tests.S3;
using Xunit;

namespace Dewy.Engine.Tests.Registries.S3;

public sealed class S3BucketStoreTests(S3Rver server) : BucketStoreContract
{
    private readonly S3Fixture _registry = new(server);
    private S3BucketStore? _store;

    private protected override IBucketStore Store => _store ?? throw new InvalidOperationException("Not started.");

    public override async ValueTask InitializeAsync()
    {
        await _registry.StartAsync();
        var address = S3Address.Read(RegistryCatalog.BuiltIn.Parse($"{_registry.Url}?{_registry.Parameters}"), _ => null);
        _store = new S3BucketStore(address, _registry.Services, new HttpCallText { Subject = "the bucket", Target = "the bucket" });
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_store is not null)
            await _store.DisposeAsync();
        await _registry.DisposeAsync();
    }

    [Fact]
    public async Task Write_AnotherWriteAtTheSameTime_IsAConditionThatDoesNotHold()
    {
        _registry.Front.Add(new Fault.Answer(409, "<Error><Code>ConditionalRequestConflict</Code><Message>Because.</Message></Error>", "application/xml"));

        Assert.Null(await WriteAsync("shared/x.json", "first", BucketCondition.Absent));
    }

    [Fact]
    public async Task Write_ConditionsAreNotImplemented_IsAnAnswerOfNoUse()
    {
        _registry.Front.Add(new Fault.Answer(501, "<Error><Code>NotImplemented</Code><Message>A header you provided implies functionality that is not implemented.</Message></Error>", "application/xml"));

        Assert.Equal(ErrorCode.RegistryMalformed, (await Assert.ThrowsAsync<DewyException>(() => WriteAsync("shared/x.json", "first", BucketCondition.Absent))).Code);
    }

    [Fact]
    public async Task Write_Anything_NeedsNoTrailersAndSaysItsChecksum()
    {
        await Store.WriteAsync("shared/x.bin", BucketUpload.Of([1, 2, 3]) with { Sha256 = Digest.Sha256(System.Security.Cryptography.SHA256.HashData([1, 2, 3])) }, BucketCondition.None, Token);

        var put = Assert.Single(_registry.Front.Requests);
        Assert.Equal("A5BYxvLAy0ksUzsKTRTvd8wPeKvMztUoFX/h8cSqMKE=".Length, put.Header("x-amz-checksum-sha256")?.Length);
        Assert.Null(put.Header("x-amz-trailer"));
        Assert.Equal("3", put.Header("Content-Length"));
    }
}
