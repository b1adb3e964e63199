using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Dewy.Engine.Admin;
using Dewy.Engine.Admin.Operations;
using Dewy.Tests;
using Dewy.Tests.Admin;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.Engine.Tests.Admin;

public sealed class AdminSecurityTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("wrong")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdee")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF")]
    public async Task Post_WrongToken_IsRefusedAndNothingIsDone(string? token)
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);

        foreach (var path in (string[])["api/deploy", "api/pause", "api/resume", "api/rollback", "api/drain"])
        {
            var answer = await admin.PostAsync(path, "{}", Stop, token: null, request =>
            {
                if (token is not null)
                    request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
            });
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
        }

        Assert.Empty(admin.Agent.Asked);
    }

    [Fact]
    public async Task Post_TokenInTheQuery_IsNotLookedFor()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);

        Assert.Equal(HttpStatusCode.Unauthorized, (await admin.PostAsync($"api/pause?token={AdminUnderTest.Token}", "{}", Stop, token: null)).StatusCode);
    }

    [Fact]
    public async Task Post_ManyWrongTokens_AreHeldBackAndToldWhileTheRightOneWorks()
    {
        var time = new FakeTimeProvider();
        await using var admin = await AdminUnderTest.StartAsync(Stop, time);
        for (var attempt = 0; attempt < TokenGate.MaximumWrong; attempt++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await admin.PostAsync("api/pause", "{}", Stop, $"guess-{attempt}")).StatusCode);

        var held = await admin.PostAsync("api/pause", "{}", Stop, "guess");
        await admin.PostAsync("api/pause", "{}", Stop, "guess");
        Assert.Equal(HttpStatusCode.TooManyRequests, held.StatusCode);
        Assert.Equal(TimeSpan.FromMinutes(1), held.Headers.RetryAfter?.Delta);
        Assert.Single(admin.Events.Of<AttentionNeeded>());
        Assert.Equal(HttpStatusCode.OK, (await admin.PostAsync("api/pause", "{}", Stop)).StatusCode);

        time.Advance(TokenGate.Window);
        Assert.Equal(HttpStatusCode.Unauthorized, (await admin.PostAsync("api/pause", "{}", Stop, "guess")).StatusCode);
    }

    [Theory]
    [InlineData("attacker.example")]
    [InlineData("127.0.0.1.attacker.example")]
    [InlineData("localhost.attacker.example")]
    [InlineData("169.254.169.254")]
    [InlineData("0.0.0.0")]
    public async Task Any_ForeignHost_IsRefused(string host)
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);

        var get = new HttpRequestMessage(HttpMethod.Get, "api/status") { Headers = { Host = $"{host}:{admin.Port}" } };
        Assert.Equal(HttpStatusCode.Forbidden, (await admin.Client.SendAsync(get, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await admin.PostAsync("api/pause", "{}", Stop, change: request => request.Headers.Host = host)).StatusCode);

        Assert.Empty(admin.Agent.Asked);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("localhost:9000")]
    public async Task Any_OwnHost_IsAnswered(string host)
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);

        var get = new HttpRequestMessage(HttpMethod.Get, "api/status") { Headers = { Host = host } };

        Assert.Equal(HttpStatusCode.OK, (await admin.Client.SendAsync(get, Stop)).StatusCode);
    }

    [Theory]
    [InlineData("https://attacker.example")]
    [InlineData("null")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://localhost:3000")]
    [InlineData("file://")]
    public async Task Any_ForeignOrigin_IsRefusedEvenWithTheToken(string origin)
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);

        var get = new HttpRequestMessage(HttpMethod.Get, "api/events");
        get.Headers.Add("Origin", origin);
        Assert.Equal(HttpStatusCode.Forbidden, (await admin.Client.SendAsync(get, Stop)).StatusCode);
        var post = await admin.PostAsync("api/pause", "{}", Stop, change: request => request.Headers.Add("Origin", origin));

        Assert.Equal(HttpStatusCode.Forbidden, post.StatusCode);
        Assert.False(post.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Empty(admin.Agent.Asked);
    }

    [Fact]
    public async Task Post_OwnOrigin_IsAnswered()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);

        var answer = await admin.PostAsync("api/pause", "{}", Stop, change: request => request.Headers.Add("Origin", $"http://127.0.0.1:{admin.Port}"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Post_CrossSiteFetch_IsRefused()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);

        var answer = await admin.PostAsync("api/pause", "{}", Stop, change: request => request.Headers.Add("Sec-Fetch-Site", "cross-site"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Options_Preflight_GrantsNothing()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        var preflight = new HttpRequestMessage(HttpMethod.Options, "api/deploy");
        preflight.Headers.Add("Origin", "https://attacker.example");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");

        var answer = await admin.Client.SendAsync(preflight, Stop);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Connect_OtherAddressOfThisHost_IsRefused()
    {
        var other = NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(address => address.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));
        Component.Require("network", other is not null, "this host has no address but loopback");
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        var failure = await Assert.ThrowsAnyAsync<SocketException>(async () => await socket.ConnectAsync(new IPEndPoint(other!, admin.Port), Stop)); // required above

        Assert.Equal(SocketError.ConnectionRefused, failure.SocketErrorCode);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task Post_BodyOfAnotherType_IsRefused(string type)
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);

        var answer = await admin.PostAsync("api/deploy", """{"force": true}""", Stop, change: request =>
        {
            request.Content!.Headers.Remove("Content-Type"); // every POST of these tests has content
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        });

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Empty(admin.Agent.Asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_OversizedBody_IsRefused(bool chunked)
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        var body = $$"""{"by": "{{new string('x', OrderReader.MaximumBytes)}}"}""";

        var answer = await admin.PostAsync("api/deploy", body, Stop, change: request => request.Headers.TransferEncodingChunked = chunked);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Empty(admin.Agent.Asked);
    }

    [Fact]
    public async Task Get_OversizedHeaders_AreRefused()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        var request = new HttpRequestMessage(HttpMethod.Get, "healthz");
        request.Headers.Add("X-Long", new string('x', 20_000));

        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, (await admin.Client.SendAsync(request, Stop)).StatusCode);
    }

    [Fact]
    public async Task Post_BodyThatNeverComes_IsGivenUp()
    {
        var time = new FakeTimeProvider();
        await using var admin = await AdminUnderTest.StartAsync(Stop, time);
        using var slow = new TcpClient();
        await slow.ConnectAsync(IPAddress.Loopback, admin.Port, Stop);
        var stream = slow.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /api/pause HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {AdminUnderTest.Token}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"), Stop);

        // The clock stands still until the request is read as far as it goes; then it is past the limit.
        using var reader = new StreamReader(stream);
        var answer = reader.ReadLineAsync(Stop).AsTask();
        await Eventually.IsTrueAsync(
            () =>
            {
                time.Advance(OrderReader.Limit);
                return answer.IsCompleted;
            },
            "the slow client is given up");

        Assert.Equal("HTTP/1.1 408 Request Timeout", await answer);
        Assert.Equal(HttpStatusCode.OK, (await admin.Client.GetAsync("healthz", Stop)).StatusCode);
        Assert.Empty(admin.Agent.Asked);
    }

    [Fact]
    public async Task Refusal_Secret_IsNotRepeated()
    {
        await using var admin = await AdminUnderTest.StartAsync(Stop);
        admin.Redactor.Add("s3cr3t-token");
        admin.Agent.Failure = new DewyException(ErrorCode.RegistryUnauthorized, "The registry refused s3cr3t-token.");

        var text = await (await admin.PostAsync("api/deploy", "{}", Stop)).Content.ReadAsStringAsync(Stop);

        Assert.DoesNotContain("s3cr3t-token", text, StringComparison.Ordinal);
        Assert.Contains("***", text, StringComparison.Ordinal);
    }
}
