using System.Net;
using Dewy.Engine.Registries;
using Dewy.Engine.Releases;
using Dewy.Tests;
using Dewy.Tests.Http;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.Engine.Tests.Registries.Http;

public sealed class HttpArtifactReaderTests : IAsyncLifetime
{
    private static readonly string Secret = $"Bearer {Canary.Mark}-token";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));
    private readonly FileServer _server = new() { RefusesCredentials = false };
    private readonly FileServer _other = new() { RefusesCredentials = false };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _server.StartAsync();
        await _other.StartAsync();
        _server.Put("/file", [1, 2, 3]);
        _other.Put("/file", [1, 2, 3]);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Theory]
    [InlineData(401, ErrorCode.RegistryUnauthorized)]
    [InlineData(403, ErrorCode.RegistryUnauthorized)]
    [InlineData(404, ErrorCode.ArtifactNotFound)]
    [InlineData(410, ErrorCode.ArtifactNotFound)]
    [InlineData(429, ErrorCode.RegistryRateLimited)]
    [InlineData(500, ErrorCode.RegistryUnavailable)]
    [InlineData(503, ErrorCode.RegistryUnavailable)]
    [InlineData(408, ErrorCode.RegistryTimeout)]
    [InlineData(204, ErrorCode.RegistryMalformed)]
    [InlineData(206, ErrorCode.RegistryMalformed)]
    [InlineData(302, ErrorCode.RegistryMalformed)]
    [InlineData(418, ErrorCode.RegistryMalformed)]
    public async Task Open_AnyOtherStatus_IsAFailureThatNamesFileHostAndStatus(int status, ErrorCode expected)
    {
        _server.Add(new Fault.Answer(status));

        var failure = await FailsAsync();

        Assert.Equal(expected, failure.Code);
        Assert.Equal("fetch", failure.Phase);
        Assert.Contains("file", failure.Message, StringComparison.Ordinal);
        Assert.Contains(status.ToString(), failure.Message, StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{_server.Address.Port}", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Retry-After", "30", 30)]
    [InlineData("Retry-After", "Mon, 04 May 2026 12:02:00 GMT", 120)]
    [InlineData("X-RateLimit-Reset", "1777896090", 90)]
    [InlineData("X-Nothing", "1", 60)]
    public async Task Open_RateLimited_SaysHowLong(string name, string value, int seconds)
    {
        _server.Add(new Fault.Answer(429, Headers: [(name, value), ("X-RateLimit-Remaining", "0"), ("Date", "Mon, 04 May 2026 12:00:00 GMT")]));

        var failure = await FailsAsync();

        Assert.Equal(TimeSpan.FromSeconds(seconds), failure.RetryAfter);
    }

    [Fact]
    public async Task Open_RedirectToAnotherHostAndBack_LosesCredentialsForGood()
    {
        _server.Add(Fault.RedirectTo(new Uri(_other.Address, "/away")) with { When = request => request.Path == "/start" });
        _other.Add(Fault.RedirectTo(new Uri(_server.Address, "/file")) with { When = request => request.Path == "/away" });

        await OpenAsync("/start");

        Assert.Equal([Secret, null], _server.Requests.Select(request => request.Header("Authorization")));
        Assert.Equal([Secret, null], _server.Requests.Select(request => request.Header("X-Api-Key")));
        Assert.Null(Assert.Single(_other.Requests).Header("Authorization"));
        Assert.Null(Assert.Single(_other.Requests).Header("X-Api-Key"));
    }

    [Fact]
    public async Task Open_RedirectOnTheSameHost_KeepsCredentials()
    {
        _server.Add(Fault.RedirectTo(new Uri("/file", UriKind.Relative)) with { When = request => request.Path == "/start" });

        await OpenAsync("/start");

        Assert.Equal([Secret, Secret], _server.Requests.Select(request => request.Header("Authorization")));
    }

    [Fact]
    public async Task Open_RedirectInACircle_Ends()
    {
        _server.Add(Fault.RedirectTo(new Uri("/file", UriKind.Relative)));

        var failure = await FailsAsync();

        Assert.Equal(ErrorCode.RegistryMalformed, failure.Code);
        Assert.Equal(6, _server.Requests.Count);
    }

    [Theory]
    [InlineData("http://files.example.com/file?sig=CANARY", false)]
    [InlineData("ftp://files.example.com/file", false)]
    [InlineData("http://127.0.0.1:9/file", true)]
    [InlineData("https://files.example.com/file", true)]
    public async Task Open_RedirectFromHttps_LeavesTlsOnlyForLoopback(string target, bool followed)
    {
        var asked = new List<Uri?>();
        await using var source = Source(new ScriptedHandler(request =>
        {
            asked.Add(request.RequestUri);
            return asked.Count == 1
                ? new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri(target.Replace("CANARY", Canary.Mark, StringComparison.Ordinal)) } }
                : new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([1]) };
        }));
        var asset = new ReleaseAsset { Name = "file", Location = new Uri("https://registry.example.com/file") };

        var thrown = await Record.ExceptionAsync(async () => await (await source.OpenAsync(asset, 0, null, Token)).DisposeAsync());

        Assert.Equal(followed ? 2 : 1, asked.Count);
        Assert.Equal(followed, thrown is null);
        Assert.True(thrown is null or DewyException { Code: ErrorCode.RegistryMalformed });
        Assert.DoesNotContain(Canary.Mark, thrown?.ToString() ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_PackedWithoutBeingAsked_IsRefused()
    {
        _server.Add(new Fault.Answer(200, "packed", "application/octet-stream", ("Content-Encoding", "gzip")));

        Assert.Equal(ErrorCode.RegistryMalformed, (await FailsAsync()).Code);
        Assert.Equal("identity", Assert.Single(_server.Requests).Header("Accept-Encoding"));
    }

    [Fact]
    public async Task Open_NoAnswer_TimesOut()
    {
        _server.Add(new Fault.Stall());
        var opening = OpenAsync("/file");
        await _server.ReceivedAsync(1);

        _time.Advance(TimeSpan.FromSeconds(61));

        var failure = await Assert.ThrowsAsync<DewyException>(() => opening.WaitAsync(TimeSpan.FromSeconds(30), Token));
        Assert.Equal(ErrorCode.RegistryTimeout, failure.Code);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/file", ErrorCode.RegistryUnavailable, "127.0.0.1:1")]
    [InlineData("http://dewy.invalid/file", ErrorCode.RegistryUnavailable, "dewy.invalid")]
    public async Task Open_Unreachable_NamesHostAndCause(string url, ErrorCode expected, string host)
    {
        await using var source = Source();

        var failure = await Assert.ThrowsAsync<DewyException>(() => source.OpenAsync(new ReleaseAsset { Name = "file", Location = new Uri(url) }, 0, null, Token));

        Assert.Equal(expected, failure.Code);
        Assert.Contains(host, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ServerWithoutTls_IsUnavailableAndSaysSo()
    {
        await using var source = Source();
        var url = new UriBuilder(_server.Address) { Scheme = "https", Path = "/file" }.Uri;

        var failure = await Assert.ThrowsAsync<DewyException>(() => source.OpenAsync(new ReleaseAsset { Name = "file", Location = url }, 0, null, Token));

        Assert.Equal(ErrorCode.RegistryUnavailable, failure.Code);
        Assert.Contains("secure connection", failure.Message, StringComparison.Ordinal);
    }

    private HttpFileSource Source(HttpMessageHandler? handler = null)
    {
        var services = new RegistryServices { TimeProvider = _time };
        return new HttpFileSource(handler is null ? services : services with { CreateHandler = () => handler }) { Authorization = Secret };
    }

    private async Task OpenAsync(string path)
    {
        await using var source = Source();
        await using var content = await source.OpenAsync(new ReleaseAsset { Name = "file", Location = new Uri(_server.Address, path) }, 0, null, Token);
    }

    private async Task<DewyException> FailsAsync()
    {
        var failure = await Assert.ThrowsAsync<DewyException>(() => OpenAsync("/file"));
        Assert.DoesNotContain(Canary.Mark, failure.ToString(), StringComparison.Ordinal);
        return failure;
    }
}
