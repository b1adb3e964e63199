using System.Net;
using Dewy.Engine.Proxy;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Dewy.Engine.Tests.Proxy;

public sealed class HeaderTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_ForwardedHeaders_AreAppendedOrReplaced()
    {
        var seen = await SeenAsync("X-Forwarded-For: 10.0.0.1, 10.0.0.2\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil\r\nForwarded: for=evil\r\n");
        Assert.Equal("10.0.0.1, 10.0.0.2, 127.0.0.1", seen["X-Forwarded-For"]);
        Assert.Equal("http", seen["X-Forwarded-Proto"]);
        Assert.Equal("app.example", seen["X-Forwarded-Host"]);
        Assert.False(seen.ContainsKey("Forwarded"));
        Assert.Equal("app.example", seen["Host"]);
    }

    [Fact]
    public async Task Send_NoForwardedHeaders_AreSet()
    {
        var seen = await SeenAsync("");
        Assert.Equal("127.0.0.1", seen["X-Forwarded-For"]);
        Assert.Equal("http", seen["X-Forwarded-Proto"]);
    }

    [Fact]
    public async Task Send_HopByHopHeaders_StayHere()
    {
        var seen = await SeenAsync("Connection: keep-alive, X-Mine, Upgrade\r\nX-Mine: a\r\nKeep-Alive: timeout=5\r\nUpgrade: h2c\r\nHTTP2-Settings: AAAA\r\nTE: gzip\r\nProxy-Authorization: Basic YTpi\r\nProxy-Connection: keep-alive\r\nX-Other: b\r\nUpgrade-Insecure-Requests: 1\r\n");
        foreach (var name in new[] { "Connection", "X-Mine", "Keep-Alive", "Upgrade", "HTTP2-Settings", "TE", "Proxy-Authorization", "Proxy-Connection" })
            Assert.False(seen.ContainsKey(name), name);
        Assert.Equal("b", seen["X-Other"]);
        Assert.Equal("1", seen["Upgrade-Insecure-Requests"]);
    }

    [Theory]
    [InlineData("Connection: close, X-Forwarded-For\r\n", "X-Forwarded-For")]
    [InlineData("Connection: close, Host\r\n", "Host")]
    public async Task Send_ConnectionNamesWhatMustStay_ItStays(string headers, string name) => Assert.True((await SeenAsync(headers)).ContainsKey(name));

    [Fact]
    public async Task Send_HeaderOfManyBytes_ComesAsItIs()
    {
        var seen = await SeenAsync("X-Latin: caf\u00e9 \u00ff\r\nCookie: a=b; c=d\r\n");
        Assert.Equal("caf\u00e9 \u00ff", seen["X-Latin"]);
        Assert.Equal("a=b; c=d", seen["Cookie"]);
    }

    [Fact]
    public async Task Answer_HopByHopHeaders_StayHere()
    {
        await using var backend = await TestBackend.StartAsync(context =>
        {
            context.Response.Headers.Connection = "X-Mine";
            context.Response.Headers["X-Mine"] = "a";
            context.Response.Headers["X-Other"] = "b";
            context.Response.Headers.KeepAlive = "timeout=5";
            return context.Response.WriteAsync("body", Cancelled);
        });
        await using var proxy = await RunningProxy.StartAsync(backend);
        using var answer = await proxy.Client.GetAsync(proxy.Address, Cancelled);
        Assert.False(answer.Headers.Contains("X-Mine"));
        Assert.False(answer.Headers.Contains("Keep-Alive"));
        Assert.True(answer.Headers.Contains("X-Other"));
    }

    [Theory]
    [InlineData("HEAD", 200, 42L)]
    [InlineData("GET", 304, null)]
    [InlineData("GET", 204, null)]
    public async Task Answer_WithoutBody_KeepsItsHeaders(string method, int status, long? length)
    {
        await using var backend = await TestBackend.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.ETag = "\"e\"";
            if (length is not null)
                context.Response.ContentLength = length;
            return Task.CompletedTask;
        });
        await using var proxy = await RunningProxy.StartAsync(backend);
        for (var number = 0; number < 2; number++)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), proxy.Address);
            using var answer = await proxy.Client.SendAsync(request, Cancelled);
            Assert.Equal(status, (int)answer.StatusCode);
            Assert.Equal("\"e\"", answer.Headers.ETag?.Tag);
            if (length is not null)
                Assert.Equal(length, answer.Content.Headers.ContentLength);
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Cancelled));
        }
    }

    [Fact]
    public async Task Answer_TrailersToAnHttp2Client_Come()
    {
        await using var backend = RawBackend.Start("HTTP/1.1 200 OK\r\nTrailer: X-After\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nX-After: yes\r\n\r\n");
        await using var proxy = await RunningProxy.StartAsync();
        proxy.Backends.Add("raw", [backend.EndPoint]);
        using var request = new HttpRequestMessage(HttpMethod.Get, proxy.Address) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var answer = await proxy.Client.SendAsync(request, Cancelled);
        Assert.Equal("body", await answer.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal("yes", Assert.Single(answer.TrailingHeaders.GetValues("X-After")));
    }

    [Fact]
    public async Task Send_AnsweredBeforeTheBodyWasRead_TheAnswerComes()
    {
        await using var backend = RawBackend.Start("HTTP/1.1 413 Payload Too Large\r\nContent-Length: 4\r\nConnection: close\r\n\r\nless");
        await using var proxy = await RunningProxy.StartAsync();
        proxy.Backends.Add("raw", [backend.EndPoint]);
        using var answer = await proxy.Client.PostAsync(proxy.Address, new ByteArrayContent(new byte[30_000_000]), Cancelled);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("less", await answer.Content.ReadAsStringAsync(Cancelled));
    }

    [Fact]
    public async Task Send_CookiesOverHttp2_BecomeOneHeader()
    {
        await using var backend = await TestBackend.StartAsync(context => context.Response.WriteAsync(string.Join('|', context.Request.Headers.Cookie.ToArray()), Cancelled));
        await using var proxy = await RunningProxy.StartAsync(backend);
        using var request = new HttpRequestMessage(HttpMethod.Get, proxy.Address) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Add("Cookie", ["a=b", "c=d"]);
        using var answer = await proxy.Client.SendAsync(request, Cancelled);
        Assert.Equal("a=b; c=d", await answer.Content.ReadAsStringAsync(Cancelled));
    }

    [Fact]
    public async Task Send_Sticky_StaysWithItsBackendByAnOpaqueCookie()
    {
        await using var one = await TestBackend.StartNamedAsync("one");
        await using var two = await TestBackend.StartNamedAsync("two");
        await using var proxy = await RunningProxy.StartAsync(RunningProxy.Options() with { Balance = BalancePolicy.Sticky }, one, two);
        using var first = await proxy.Client.GetAsync(proxy.Address, Cancelled);
        var name = await first.Content.ReadAsStringAsync(Cancelled);
        var cookie = Assert.Single(first.Headers.GetValues("Set-Cookie"));
        Assert.Contains("; HttpOnly", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", cookie, StringComparison.Ordinal);
        for (var number = 0; number < 4; number++)
        {
            using var next = await AskAsync("x=y; " + cookie.Split(';')[0]);
            Assert.Equal(name, await next.Content.ReadAsStringAsync(Cancelled));
            Assert.False(next.Headers.Contains("Set-Cookie"));
        }

        using var forged = await AskAsync("dewy-backend=127.0.0.1:1");
        Assert.Equal(HttpStatusCode.OK, forged.StatusCode);
        Assert.True(forged.Headers.Contains("Set-Cookie"));

        Task<HttpResponseMessage> AskAsync(string value)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, proxy.Address);
            request.Headers.Add("Cookie", value);
            return proxy.Client.SendAsync(request, Cancelled);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Send_ExpectContinue_IsTheBackendsToAnswer(bool accepts)
    {
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            if (accepts)
                await context.Response.WriteAsync(await new StreamReader(context.Request.Body).ReadToEndAsync(Cancelled), Cancelled);
            else
                context.Response.StatusCode = 403;
        });
        await using var proxy = await RunningProxy.StartAsync(backend);
        using var client = await proxy.ConnectAsync(Cancelled);
        var body = new string('x', 5000); // a short one the client of .NET would rather send than lose the connection
        await client.SendAsync("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5000\r\nExpect: 100-continue\r\n\r\n", Cancelled);
        if (!accepts)
        {
            Assert.StartsWith("HTTP/1.1 403", await client.ReadUntilAsync("\r\n\r\n", Cancelled), StringComparison.Ordinal);
            return;
        }

        Assert.StartsWith("HTTP/1.1 100", await client.ReadUntilAsync("\r\n\r\n", Cancelled), StringComparison.Ordinal);
        await client.SendAsync(body, Cancelled);
        Assert.Contains("HTTP/1.1 200", await client.ReadUntilAsync("\r\n0\r\n\r\n", Cancelled), StringComparison.Ordinal); // its chunks may be cut anywhere
    }

    [Fact]
    public async Task Send_ServerSentEvents_ComeOneByOne()
    {
        var next = new SemaphoreSlim(0);
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            for (var number = 0; number < 3; number++)
            {
                await context.Response.WriteAsync($"data: {number}\n\n", Cancelled);
                await context.Response.Body.FlushAsync(Cancelled);
                Assert.True(await next.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
            }
        });
        await using var proxy = await RunningProxy.StartAsync(backend);
        using var client = await proxy.ConnectAsync(Cancelled);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\nAccept: text/event-stream\r\n\r\n", Cancelled);
        for (var number = 0; number < 3; number++)
        {
            await client.ReadUntilAsync($"data: {number}\n\n", Cancelled);
            next.Release();
        }
    }

    private static async Task<Dictionary<string, string>> SeenAsync(string headers)
    {
        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        await using var backend = await TestBackend.StartAsync(context =>
        {
            foreach (var (name, value) in context.Request.Headers)
                seen[name] = value.ToString();
            return Task.CompletedTask;
        });
        await using var proxy = await RunningProxy.StartAsync(backend);
        using var client = await proxy.ConnectAsync(Cancelled);
        await client.SendAsync($"GET / HTTP/1.1\r\nHost: app.example\r\n{headers}\r\n", Cancelled);
        Assert.StartsWith("HTTP/1.1 200", await client.ReadUntilAsync("\r\n\r\n", Cancelled), StringComparison.Ordinal);
        return seen;
    }
}
