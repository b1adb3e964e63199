using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Xunit;

namespace Dewy.Engine.Tests.Proxy;

public sealed class ForwardingTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_Answer_ComesAsTheBackendGaveIt()
    {
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            context.Response.StatusCode = 299;
            context.Response.Headers["X-Two"] = new[] { "one", "two" };
            context.Response.Headers["X-Latin"] = "caf\u00e9";
            await context.Response.WriteAsync("hello", Cancelled);
        });
        await using var proxy = await RunningProxy.StartAsync(backend);
        using var answer = await proxy.Client.GetAsync(new Uri("/", UriKind.Relative), Cancelled);
        Assert.Equal(299, (int)answer.StatusCode);
        Assert.Equal(["one", "two"], answer.Headers.GetValues("X-Two"));
        Assert.False(answer.Headers.Contains("Server"));
        Assert.Single(answer.Headers.GetValues("Date"));
        Assert.Equal("hello", await answer.Content.ReadAsStringAsync(Cancelled));
    }

    [Theory]
    [InlineData("/a%2Fb/%41/../c//d?x=%20y+z&q=%C3%A9")]
    [InlineData("/?")]
    [InlineData("/;v=1/%")]
    [InlineData("//double")]
    public async Task Get_Target_IsPassedOnAsItWasWritten(string target)
    {
        await using var backend = await TestBackend.StartAsync(context =>
            context.Response.WriteAsync(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, Cancelled));
        await using var proxy = await RunningProxy.StartAsync(backend);
        using var connection = await proxy.ConnectAsync(Cancelled);
        await connection.SendAsync($"GET {target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", Cancelled);
        var answer = await connection.ReadToEndAsync(Cancelled);
        Assert.Contains(target, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_LargeBodies_StreamBothWaysUnharmed()
    {
        const int Size = 50_000_000;
        var received = Array.Empty<byte>();
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            received = await SHA256.HashDataAsync(context.Request.Body, Cancelled);
            var sent = new byte[Size];
            new Random(2).NextBytes(sent);
            await context.Response.Body.WriteAsync(sent, Cancelled);
        });
        await using var proxy = await RunningProxy.StartAsync(backend);
        var upload = new byte[Size];
        new Random(1).NextBytes(upload);
        var download = new byte[Size];
        new Random(2).NextBytes(download);
        using var answer = await proxy.Client.PostAsync(new Uri("/", UriKind.Relative), new ByteArrayContent(upload), Cancelled);
        var downloaded = await answer.Content.ReadAsByteArrayAsync(Cancelled);
        Assert.Equal(SHA256.HashData(upload), received);
        Assert.True(download.AsSpan().SequenceEqual(downloaded));
    }
}
