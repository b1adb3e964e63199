using System.Collections.Concurrent;
using System.Diagnostics;
using Dewy.EndToEnd.Tests.Crashes;
using Dewy.EndToEnd.Tests.Replicas.Ground;
using Dewy.Tests;
using Xunit;

namespace Dewy.EndToEnd.Tests.Replicas;

/// <summary>
/// An agent that is killed, by SIGKILL and at every moment of a rolling update it tells of, and started again on the same
/// socket: no connection is refused, and in the end just the replicas of the new release run.
/// </summary>
public abstract class ReplicaCrashTests(ReplicaKind kind)
{
    private const int Replicas = 2;
    private const int AtOnce = 3;

    /// <summary>From the start of the next agent to its first answer: two seconds are what is promised, the rest is for busy machines.</summary>
    private static readonly TimeSpan BackLimit = TimeSpan.FromSeconds(30);

    /// <summary>What comes by the clock, or has nothing to do with the update.</summary>
    private static readonly string[] Noise = ["DeploySkipped", "RegistryPolled", "BackendHealthChanged", "ImagePullProgressed", "ApplicationOutput"];

    /// <summary>What an undisturbed update ends with.</summary>
    private static readonly string[] Ends = ["StepCompleted prune #2", $"ReplicaStopped v1.0.0 #{Replicas}"];

    [Fact]
    public async Task RollingUpdate_AgentKilledAtEveryMoment_Converges()
    {
        Component.Linux();
        var moments = await MomentsAsync();
        Assert.True(moments.Count >= 20, $"Only these moments were seen: {string.Join(", ", moments)}");
        var faults = new ConcurrentQueue<string>();
        var back = new ConcurrentQueue<TimeSpan>();
        await Parallel.ForEachAsync(moments, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken }, async (moment, _) =>
        {
            try
            {
                foreach (var fault in await KillAsync(moment, back))
                    faults.Enqueue($"killed at {moment}: {fault}");
            }
            catch (Exception exception)
            {
                faults.Enqueue($"killed at {moment}: {exception}");
            }
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{moments.Count} moments: {string.Join(", ", moments)}");
        TestContext.Current.TestOutputHelper?.WriteLine($"served again after {back.Min().TotalSeconds:0.0} to {back.Max().TotalSeconds:0.0} s, {back.Order().ElementAt(back.Count / 2).TotalSeconds:0.0} s in the middle");
        Assert.True(faults.IsEmpty, string.Join('\n', faults));
    }

    /// <summary>Runs the update undisturbed and returns what can be told apart of it.</summary>
    private async Task<IReadOnlyList<string>> MomentsAsync()
    {
        await using var application = await ReplicatedApplication.OpenAsync(kind, Replicas);
        application.OpenSocket();
        var agent = await StartAsync(application, killAt: null);
        IReadOnlyCollection<string> before = [.. agent.Lines];
        await application.Ground.PublishAsync("v2.0.0");
        foreach (var end in Ends)
            await agent.SaidAsync(end);
        return [.. agent.Lines.Where(moment => !before.Contains(moment) && CrashScenario.IsOfInterest(moment) && !Array.Exists(Noise, noise => moment.StartsWith(noise, StringComparison.Ordinal)))];
    }

    private async Task<IReadOnlyList<string>> KillAsync(string moment, ConcurrentQueue<TimeSpan> back)
    {
        await using var application = await ReplicatedApplication.OpenAsync(kind, Replicas);
        application.OpenSocket();
        var victim = await StartAsync(application, moment);
        var load = application.StartLoad(requestsPerSecond: 20, keepsAlive: false);
        await load.AnsweredByAsync("v1.0.0", times: 5);
        await application.Ground.PublishAsync("v2.0.0");
        await victim.DiedAsync(Ends);
        var killed = DateTimeOffset.UtcNow;
        var began = Stopwatch.GetTimestamp();
        var agent = application.StartAgentOnSocket();

        var faults = new List<string>();
        await Eventually.IsTrueAsync(() => agent.HasExited || load.Answers.Any(answer => answer.Failure is null && answer.Began > killed), "somebody serves again", Patience.Settling);
        back.Enqueue(Stopwatch.GetElapsedTime(began));
        if (Stopwatch.GetElapsedTime(began) > BackLimit)
            faults.Add($"it served again only after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        try
        {
            await application.RunsExactlyAsync("v2.0.0", Replicas);
        }
        catch (TimeoutException exception)
        {
            faults.Add($"{exception.Message}; the next agent said: {string.Join(", ", agent.Lines.TakeLast(40))}");
        }

        await load.AnsweredByAsync("v2.0.0", times: 5);
        await load.StopAsync();
        if (load.Refused > 0)
            faults.Add($"{load.Refused} connections were refused");
        faults.AddRange(load.Failures.Where(failure => failure.Began > killed).Select(failure => $"a request of {failure.Began:HH:mm:ss.fff} failed, after the death at {killed:HH:mm:ss.fff}: {failure.Failure}"));
        faults.AddRange(load.Answers.Select(answer => answer.Tag).Distinct().Where(tag => tag is not ("" or "v1.0.0" or "v2.0.0")).Select(tag => $"{tag} answered"));
        agent.Signal("TERM");
        await agent.ExitedAsync();
        if (await application.Ground.InstancesAsync() is { Count: > 0 } left)
            faults.Add($"{string.Join(", ", left)} was left");
        return faults;
    }

    private static async Task<Hosting.AgentProcess> StartAsync(ReplicatedApplication application, string? killAt)
    {
        await application.Ground.PublishAsync("v1.0.0");
        var agent = application.StartAgentOnSocket(killAt);
        await Eventually.IsTrueAsync(() => agent.HasExited || agent.Lines.Contains("DeploymentEnded v1.0.0 Succeeded"), "v1 is deployed", Patience.Deployment);
        return agent;
    }
}
