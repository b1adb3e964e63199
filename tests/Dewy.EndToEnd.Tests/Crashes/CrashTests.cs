using System.Collections.Concurrent;
using Dewy.EndToEnd.Tests.Hosting;
using Dewy.Tests;
using Xunit;

namespace Dewy.EndToEnd.Tests.Crashes;

/// <summary>
/// An agent that is killed, by SIGKILL and at every moment it tells of, and started again: the old release or the new one is
/// live, never half of one, and in the end what was wanted is. The moments are those of a run that nobody disturbs.
/// </summary>
public abstract class CrashTests(DeploymentMode mode)
{
    private const int AtOnce = 3;

    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(40);

    private protected async Task KilledAtEveryMomentAsync(string name)
    {
        Component.Linux();
        var scenario = CrashScenario.Of(name);
        var moments = await MomentsAsync(scenario);
        Assert.True(moments.Count >= 8, $"Only these moments were seen: {string.Join(", ", moments)}");
        var faults = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(moments, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken }, async (moment, _) =>
        {
            try
            {
                foreach (var fault in await KillAsync(scenario, moment))
                    faults.Enqueue($"killed at {moment}: {fault}");
            }
            catch (Exception exception)
            {
                faults.Enqueue($"killed at {moment}: {exception}");
            }
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{moments.Count} moments: {string.Join(", ", moments)}");
        Assert.True(faults.IsEmpty, string.Join('\n', faults));
    }

    /// <summary>Runs the scenario undisturbed and returns what can be told apart of it.</summary>
    private async Task<IReadOnlyList<string>> MomentsAsync(CrashScenario scenario)
    {
        await using var application = new SampleApplication(mode);
        await scenario.PrepareAsync(application);
        var agent = application.StartAgentProcess();
        IReadOnlyCollection<string> before = [];
        if (scenario.Begins is { } begins)
        {
            await agent.SaidAsync(begins);
            before = [.. agent.Lines];
        }

        await scenario.ActAsync(application);
        await agent.SaidAsync(scenario.Ends);
        await Eventually.IsTrueAsync(() => Settled.Faults(application, scenario.Live, scenario.Kept, runs: true).Count == 0, "the scenario ends well", SettleLimit);
        return [.. agent.Lines.Where(moment => !before.Contains(moment) && CrashScenario.IsOfInterest(moment))];
    }

    private async Task<IReadOnlyList<string>> KillAsync(CrashScenario scenario, string moment)
    {
        await using var application = new SampleApplication(mode);
        await scenario.PrepareAsync(application);
        var load = scenario.BeginsLive && mode == DeploymentMode.Server ? application.StartLoad() : null;
        var victim = application.StartAgentProcess(moment);
        if (scenario.Begins is { } begins)
            await victim.SaidAsync(begins);
        var acting = scenario.ActAsync(application);
        if (moment.Contains("Progressed", StringComparison.Ordinal))
            await victim.DiedAsync(atLast: scenario.Ends);
        else
            await victim.ExitedAsync();
        var survived = scenario.ProgramsLive && ProgramProcesses.Of(application.Root).Count > 0;
        var faults = new List<string>(HalfReleases(application, scenario));

        var agent = application.StartAgent();
        await acting;
        IReadOnlyList<string> unsettled = [];
        try
        {
            await Eventually.IsTrueAsync(() => agent.Running.IsCompleted || (unsettled = Settled.Faults(application, scenario.Live, scenario.Kept, runs: true)).Count == 0, "it settles", SettleLimit);
            if (agent.Running.IsCompleted)
                await agent.Running;
        }
        catch (TimeoutException)
        {
            faults.AddRange(unsettled);
            faults.Add($"the next agent: {string.Join(", ", agent.Events.Events.TakeLast(25))}");
        }

        if (load is not null)
        {
            await load.AnsweredByAsync(scenario.Live);
            await load.StopAsync();
            faults.AddRange(load.Answers.Select(answer => answer.Tag).Distinct().Where(tag => tag.Length > 0 && !scenario.Versions.Contains(tag)).Select(tag => $"{tag} answered"));
            if (survived && load.Failures.Count > 0)
                faults.Add($"of {load.Answers.Count} requests failed {load.Failures.Count}, {load.Refused} of them refused: {load.Complaints}");
        }

        await agent.StopAsync();
        faults.AddRange(Settled.Faults(application, scenario.Live, scenario.Kept, runs: false));
        faults.AddRange(Directory.EnumerateFileSystemEntries(application.Temporary, "dewy-*").Select(path => $"{path} was left"));
        return faults;
    }

    /// <summary>What a reader of <c>current</c> would find wrong between the two agents.</summary>
    private static IEnumerable<string> HalfReleases(SampleApplication application, CrashScenario scenario)
    {
        var target = application.Observed.Current.Read();
        if (target is null)
            return scenario.BeginsLive ? ["current was gone"] : [];
        var tag = File.ReadAllText(Path.Combine(target, "a-version.txt"));
        return scenario.Versions.Contains(tag) ? Settled.Content(target, tag) : [$"current was {tag}"];
    }
}
