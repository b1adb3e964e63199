using System.Net;
using System.Net.Sockets;
using System.Text;
using Dewy.Engine.Replicas;
using Xunit;

namespace Dewy.Engine.Tests.Replicas;

public sealed class HealthCheckTests : IDisposable
{
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public HealthCheckTests() => _server.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private EndPoint Address => _server.LocalEndPoint ?? throw new InvalidOperationException("It is bound.");

    private static Task Never { get; } = new TaskCompletionSource().Task;

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("200 OK", true)]
    [InlineData("204 No Content", true)]
    [InlineData("302 Found", false)]
    [InlineData("404 Not Found", false)]
    [InlineData("500 Internal Server Error", false)]
    public async Task RunAsync_Answer_IsHealthyOnlyWhereItIs2xx(string status, bool healthy)
    {
        _server.Listen();
        var requests = new List<string>();
        _ = AnswerAsync(requests, status, status, status, status, status, status, status, status);

        var report = await new HealthCheck(TimeProvider.System).RunAsync(new HealthTarget(Address, "/health?deep=1"), TimeSpan.FromSeconds(2), Never, ownerOf: null, Cancel);

        Assert.Equal(healthy, report.Healthy);
        Assert.Equal(status, report.LastAnswer);
        Assert.StartsWith($"GET /health?deep=1 HTTP/1.1\r\nHost: {Address}\r\n", requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_FailsAtFirst_TriesAgainUntilHealthy()
    {
        _server.Listen();
        _ = AnswerAsync([], "503 Service Unavailable", "503 Service Unavailable", "200 OK");

        var report = await new HealthCheck(TimeProvider.System).RunAsync(new HealthTarget(Address, "/"), TimeSpan.FromSeconds(30), Never, ownerOf: null, Cancel);

        Assert.True(report.Healthy);
        Assert.Equal(3, report.Attempts);
    }

    [Fact]
    public async Task RunAsync_NobodyListens_SaysSoAndNamesTheTarget()
    {
        var report = await new HealthCheck(TimeProvider.System).RunAsync(new HealthTarget(Address, "/up"), TimeSpan.FromSeconds(2), Never, ownerOf: null, Cancel);

        var failure = report.ToException("v1", "boom");
        Assert.Equal(ErrorCode.HealthCheckFailed, failure.Code);
        Assert.Equal($"http://{Address}/up", failure.Target);
        Assert.Contains("the last: connection refused", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("Its last output:\nboom", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_AcceptsButNeverAnswers_EndsAtTheTimeLimit()
    {
        _server.Listen();

        var report = await new HealthCheck(TimeProvider.System).RunAsync(new HealthTarget(Address, "/"), TimeSpan.FromSeconds(0.3), Never, ownerOf: null, Cancel);

        Assert.False(report.Healthy);
        Assert.Equal(("no answer in time", 1), (report.LastAnswer, report.Attempts));
    }

    [Fact]
    public async Task RunAsync_ReplicaIsGone_EndsAtOnce()
    {
        _server.Listen();
        var gone = new TaskCompletionSource();

        var checking = new HealthCheck(TimeProvider.System).RunAsync(new HealthTarget(Address, "/"), TimeSpan.FromMinutes(10), gone.Task, ownerOf: null, Cancel);
        gone.SetResult();

        Assert.Equal("it ended", (await checking.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).LastAnswer);
    }

    [Fact]
    public async Task RunAsync_WithoutPath_IsContentWithAConnection()
    {
        _server.Listen();

        var report = await new HealthCheck(TimeProvider.System).RunAsync(new HealthTarget(Address, Path: null), TimeSpan.FromSeconds(30), Never, ownerOf: null, Cancel);

        Assert.True(report.Healthy);
    }

    [Fact]
    public async Task RunAsync_Cancelled_Throws()
    {
        _server.Listen();
        using var giveUp = new CancellationTokenSource();

        var checking = new HealthCheck(TimeProvider.System).RunAsync(new HealthTarget(Address, "/"), TimeSpan.FromMinutes(10), Never, ownerOf: null, giveUp.Token);
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => checking);
    }

    [Fact]
    public async Task RunAsync_OnlyOthersAnswer_IsNotHealthy()
    {
        _server.Listen();
        _ = AnswerAsync([], [.. Enumerable.Repeat("200 OK", 200)]);

        var report = await new HealthCheck(TimeProvider.System).RunAsync(
            new HealthTarget(Address, "/"), TimeSpan.FromSeconds(2), Never, (_, _) => Task.FromResult(AnsweredBy.Other), Cancel);

        Assert.False(report.Healthy);
        Assert.Equal("only what ran before answered: 200 OK", report.LastAnswer);
    }

    [Fact]
    public async Task RunAsync_NobodyCanTellWhoAnswered_TakesTheAnswer()
    {
        _server.Listen();
        _ = AnswerAsync([], [.. Enumerable.Repeat("200 OK", 200)]);

        var report = await new HealthCheck(TimeProvider.System).RunAsync(
            new HealthTarget(Address, "/"), TimeSpan.FromSeconds(30), Never, (_, _) => Task.FromResult(AnsweredBy.Unknown), Cancel);

        Assert.True(report.Healthy);
    }

    private async Task AnswerAsync(List<string> requests, params string[] statuses)
    {
        foreach (var status in statuses)
        {
            using var client = await _server.AcceptAsync(Cancel);
            var buffer = new byte[4096];
            var request = "";
            while (!request.EndsWith("\r\n\r\n", StringComparison.Ordinal))
                request += Encoding.ASCII.GetString(buffer, 0, await client.ReceiveAsync(buffer, Cancel));
            requests.Add(request);
            await client.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"), Cancel);
        }
    }
}
