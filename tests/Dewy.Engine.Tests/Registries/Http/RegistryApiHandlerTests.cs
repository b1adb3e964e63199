using System.IO.Compression;
using System.Net;
using Dewy.Engine.Registries;
using Dewy.Engine.Registries.Http;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.Engine.Tests.Registries.Http;

public sealed class RegistryApiHandlerTests
{
    private static readonly Uri Url = new("https://registry.example.com/list");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_PackedAnswer_IsUnpacked()
    {
        using var client = Client(_ => Packed("[1]"u8.ToArray()));

        using var response = await client.GetAsync(Url, Token);

        Assert.Equal("[1]", await response.Content.ReadAsStringAsync(Token));
        Assert.Empty(response.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task Send_AnswerBeyondTheLimitOnceUnpacked_IsRefused()
    {
        using var client = Client(_ => Packed(new byte[RegistryApiHandler.LargestBody + 1]));

        var failure = await Assert.ThrowsAsync<DewyException>(() => client.GetAsync(Url, Token));

        Assert.Equal(ErrorCode.RegistryMalformed, failure.Code);
        Assert.Contains("64 MiB", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_BrokenPacking_IsMalformed()
    {
        using var client = Client(_ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([1, 2, 3]) { Headers = { { "Content-Encoding", "gzip" } } } });

        Assert.Equal(ErrorCode.RegistryMalformed, (await Assert.ThrowsAsync<DewyException>(() => client.GetAsync(Url, Token))).Code);
    }

    [Fact]
    public async Task Send_Always_IntroducesItself()
    {
        string? agent = null;
        using var client = Client(request =>
        {
            agent = request.Headers.UserAgent.ToString();
            return new HttpResponseMessage(HttpStatusCode.OK);
        });

        using var response = await client.GetAsync(Url, Token);

        Assert.Matches(@"\Adewy/\d+\.\d+\.\d+", agent);
    }

    [Fact]
    public async Task Send_PostRedirected_IsNotFollowed()
    {
        var count = 0;
        using var client = Client(_ =>
        {
            count++;
            return new HttpResponseMessage(HttpStatusCode.TemporaryRedirect) { Headers = { Location = new Uri("https://other.example.com/") } };
        });

        using var response = await client.PostAsync(Url, new StringContent("x"), Token);

        Assert.Equal((1, HttpStatusCode.TemporaryRedirect), (count, response.StatusCode));
    }

    private static HttpClient Client(Func<HttpRequestMessage, HttpResponseMessage> answer) => new(new RegistryApiHandler(
        new ScriptedHandler(answer),
        new HttpCallText { Subject = "The registry", Target = "test://registry" },
        new RegistryServices { TimeProvider = new FakeTimeProvider() }));

    private static HttpResponseMessage Packed(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(content);
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(packed.ToArray()) { Headers = { { "Content-Encoding", "gzip" } } } };
    }
}
