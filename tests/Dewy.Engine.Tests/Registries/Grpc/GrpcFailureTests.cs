using Dewy.Engine.Registries.Grpc.Wire;
using Dewy.Tests.Http;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Xunit;
using RpcStatus = Dewy.Engine.Registries.Grpc.Wire.Status;
using Status = Grpc.Core.Status;

namespace Dewy.Engine.Tests.Registries.Grpc;

public sealed class GrpcFailureTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StatusCode.Cancelled, ErrorCode.RegistryUnavailable)]
    [InlineData(StatusCode.Unknown, ErrorCode.RegistryUnavailable)]
    [InlineData(StatusCode.InvalidArgument, ErrorCode.RegistryMalformed)]
    [InlineData(StatusCode.DeadlineExceeded, ErrorCode.RegistryTimeout)]
    [InlineData(StatusCode.NotFound, ErrorCode.NoMatchingVersion)]
    [InlineData(StatusCode.PermissionDenied, ErrorCode.RegistryUnauthorized)]
    [InlineData(StatusCode.Unauthenticated, ErrorCode.RegistryUnauthorized)]
    [InlineData(StatusCode.ResourceExhausted, ErrorCode.RegistryRateLimited)]
    [InlineData(StatusCode.FailedPrecondition, ErrorCode.RegistryMalformed)]
    [InlineData(StatusCode.Aborted, ErrorCode.RegistryUnavailable)]
    [InlineData(StatusCode.Unimplemented, ErrorCode.RegistryNotFound)]
    [InlineData(StatusCode.Internal, ErrorCode.RegistryUnavailable)]
    [InlineData(StatusCode.Unavailable, ErrorCode.RegistryUnavailable)]
    [InlineData(StatusCode.DataLoss, ErrorCode.RegistryUnavailable)]
    public async Task Find_ServiceFails_MapsTheStatusAndQuotesTheService(StatusCode status, ErrorCode expected)
    {
        var failure = await FailAsync(new RpcException(new Status(status, "the words\nof the service")));

        Assert.Equal(expected, failure.Code);
        Assert.Contains($"{status} (the words of the service)", failure.Message, StringComparison.Ordinal);
        Assert.Contains("grpc://127.0.0.1:", failure.Message, StringComparison.Ordinal);
        Assert.Equal("check", failure.Phase);
        Assert.NotNull(failure.NextStep);
    }

    public static TheoryData<string, Metadata, int> Delays => new()
    {
        { "pushback", new Metadata { { "grpc-retry-pushback-ms", "90000" } }, 90 },
        { "RetryInfo", new Metadata { { "grpc-status-details-bin", StatusWithRetryInfo(75) } }, 75 },
        { "retry-after", new Metadata { { "retry-after", "45" } }, 45 },
        { "pushback that forbids", new Metadata { { "grpc-retry-pushback-ms", "-1" } }, 60 },
        { "details that are none", new Metadata { { "grpc-status-details-bin", [0xff, 0xff] } }, 60 },
        { "nothing", [], 60 },
    };

    [Theory]
    [MemberData(nameof(Delays), DisableDiscoveryEnumeration = true)]
    public async Task Find_RateLimited_WaitsAsLongAsAsked(string by, Metadata trailers, int seconds)
    {
        var failure = await FailAsync(new RpcException(new Status(StatusCode.ResourceExhausted, by), trailers));

        Assert.Equal(ErrorCode.RegistryRateLimited, failure.Code);
        Assert.Equal(TimeSpan.FromSeconds(seconds), failure.RetryAfter);
    }

    [Theory]
    [InlineData(503, ErrorCode.RegistryUnavailable)]
    [InlineData(404, ErrorCode.NoMatchingVersion)]
    [InlineData(401, ErrorCode.RegistryUnauthorized)]
    [InlineData(429, ErrorCode.RegistryRateLimited)]
    public async Task Find_ProxyAnswersInsteadOfTheService_MapsTheHttpStatus(int status, ErrorCode expected)
    {
        await using var registry = await new GrpcRegistry().StartAsync();
        registry.Service.Add(new Fault.Answer(status, """{"message":"said the proxy"}""", Headers: ("Retry-After", "50")));

        var failure = await Assert.ThrowsAsync<DewyException>(() => registry.Finder().FindNewestAsync(Token));

        Assert.Equal(expected, failure.Code);
        Assert.Contains("said the proxy", failure.Message, StringComparison.Ordinal);
        if (status is 429 or 503)
            Assert.Equal(TimeSpan.FromSeconds(50), failure.RetryAfter);
    }

    [Fact]
    public async Task Find_SignInPage_SaysThatItIsNoGrpc()
    {
        await using var registry = await new GrpcRegistry().StartAsync();
        registry.Service.Add(Fault.Page);

        var failure = await Assert.ThrowsAsync<DewyException>(() => registry.Finder().FindNewestAsync(Token));

        Assert.Equal(ErrorCode.RegistryMalformed, failure.Code);
        Assert.Contains("text/html", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_ServerSpeaksHttp1Only_SaysThatItIsNoUse()
    {
        await using var registry = await new GrpcRegistry().StartAsync();
        var (source, _) = registry.Open("no-tls=true", registry.Files.Address.Authority);

        var failure = await Assert.ThrowsAsync<DewyException>(() => source.ListAsync(Token));

        Assert.Equal(ErrorCode.RegistryMalformed, failure.Code);
        Assert.Contains("HTTP/2", failure.Message, StringComparison.Ordinal);
        Assert.Contains(registry.Files.Address.Authority, failure.Message, StringComparison.Ordinal);
        Assert.NotNull(failure.NextStep);
    }

    private static byte[] StatusWithRetryInfo(int seconds) => new RpcStatus
    {
        Code = (int)StatusCode.ResourceExhausted,
        Details = { Any.Pack(new RetryInfo { RetryDelay = new Duration { Seconds = seconds } }) },
    }.ToByteArray();

    private static async Task<DewyException> FailAsync(RpcException exception)
    {
        await using var registry = await new GrpcRegistry().StartAsync();
        registry.Service.OnCurrent = (_, _) => throw exception;
        return await Assert.ThrowsAsync<DewyException>(() => registry.Finder().FindNewestAsync(Token));
    }
}
