using Dewy.EndToEnd.Tests.Replicas.Ground;
using Dewy.Tests;
using Xunit;

namespace Dewy.EndToEnd.Tests.Replicas;

/// <summary>Replicas that die under load.</summary>
public abstract class ReplicaLossTests(ReplicaKind kind)
{
    private const int Replicas = 3;

    [Fact]
    public async Task OneIsKilled_NoRequestFailsAndItIsReplaced()
    {
        await using var application = await ReplicatedApplication.OpenAsync(kind, Replicas);
        var agent = await application.DeployFirstAsync("v1.0.0");
        var load = application.StartLoad(requestsPerSecond: 100);
        await load.AnsweredByAsync("v1.0.0", times: 30);
        var before = await application.Ground.InstancesAsync();

        var killed = DateTimeOffset.UtcNow;
        await application.Ground.SignalAsync(before[1], "KILL");
        var exited = await agent.Events.WaitForAsync<ReplicaExited>();
        await Patience.UntilAsync(async () => (await application.Ground.InstancesAsync()).Count(instance => instance.IsRunning && instance.Id != before[1].Id) == Replicas, "another takes its place");
        await application.RunsExactlyAsync("v1.0.0", Replicas);
        await load.AnsweredByAsync("v1.0.0", times: load.Answers.Count + 50);
        await load.StopAsync();

        var after = await application.Ground.InstancesAsync();
        Assert.Equal("", load.Complaints);
        Assert.Equal(Replicas - 1, after.Count(before.Contains));
        Assert.Equal(9, exited.Exit.Signal ?? exited.Exit.Code - 128);
        Assert.DoesNotContain(load.Answers, answer => answer.Began > exited.Time && answer.Body?.Split(' ')[2] == before[1].Id);
        TestContext.Current.TestOutputHelper?.WriteLine($"{load.Answers.Count} requests, none failed; noticed after {(exited.Time - killed).TotalMilliseconds:0} ms");
    }

    [Fact]
    public async Task AllAreKilled_ClientsAreToldToComeBackAndItRecovers()
    {
        await using var application = await ReplicatedApplication.OpenAsync(kind, Replicas);
        await application.DeployFirstAsync("v1.0.0");
        var load = application.StartLoad();
        await load.AnsweredByAsync("v1.0.0", times: 10);

        await KillAllAsync(application);
        await Eventually.IsTrueAsync(() => load.Failures.Any(failure => failure.Failure?.Contains(" 503 ", StringComparison.Ordinal) == true), "nobody is there");
        await application.RunsExactlyAsync("v1.0.0", Replicas);
        var recovered = DateTimeOffset.UtcNow;
        await load.AnsweredByAsync("v1.0.0", times: load.Answers.Count + 20);
        await load.StopAsync();

        var refusals = load.Failures.Where(failure => failure.Failure?.Contains(" 503 ", StringComparison.Ordinal) == true).ToList();
        Assert.All(refusals, refusal => Assert.Contains("Retry-After: 2", refusal.Failure, StringComparison.Ordinal));
        Assert.DoesNotContain(load.Failures, failure => failure.Began > recovered);
        Assert.DoesNotContain(load.Failures, failure => failure.Failure?.StartsWith("'HTTP/1.1 50", StringComparison.Ordinal) != true); // the proxy itself never lets go of anybody
        TestContext.Current.TestOutputHelper?.WriteLine($"{load.Answers.Count} requests, {refusals.Count} refused, {load.Failures.Count - refusals.Count} lost with the replicas; for {(refusals.Max(refusal => refusal.Ended) - refusals.Min(refusal => refusal.Began)).TotalSeconds:0.0} s");
    }

    [Fact]
    public async Task AllAreKilledWhileRequestsAreHeld_NoneFailsThatNoneOfThemHad()
    {
        await using var application = await ReplicatedApplication.OpenAsync(kind, Replicas);
        var agent = await application.DeployFirstAsync("v1.0.0", ("hold", "60s"));
        var load = application.StartLoad(requestsPerSecond: 20);
        await load.AnsweredByAsync("v1.0.0", times: 10);

        await KillAllAsync(application);
        await Eventually.IsTrueAsync(() => agent.Events.Of<ReplicaExited>().Count() == Replicas, "all deaths are noticed");
        var noticed = agent.Events.Of<ReplicaExited>().Max(exited => exited.Time);
        await application.RunsExactlyAsync("v1.0.0", Replicas);
        await load.AnsweredByAsync("v1.0.0", times: load.Answers.Count + 20);
        await load.StopAsync();

        Assert.DoesNotContain(load.Failures, failure => failure.Began > noticed || failure.Failure?.StartsWith("'HTTP/1.1 502 ", StringComparison.Ordinal) != true);
        Assert.DoesNotContain(load.Failures, failure => failure.Failure?.Contains(" 503 ", StringComparison.Ordinal) == true);
        TestContext.Current.TestOutputHelper?.WriteLine($"{load.Answers.Count} requests, {load.Failures.Count} lost with the replicas; the longest took {load.Answers.Max(answer => answer.Ended - answer.Began).TotalSeconds:0.0} s");
    }

    private static async Task KillAllAsync(ReplicatedApplication application) =>
        await Task.WhenAll((await application.Ground.InstancesAsync()).Select(instance => application.Ground.SignalAsync(instance, "KILL")));
}
