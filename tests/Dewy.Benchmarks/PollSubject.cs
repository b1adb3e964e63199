using System.Diagnostics;

namespace Dewy.Benchmarks;

/// <summary>One thing that is polled, and what its polls took so far.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Traffic">Its connections.</param>
/// <param name="Server">Its server; null where there is none.</param>
/// <param name="PollAsync">Polls once; throws where something changed.</param>
internal sealed record PollSubject(string Name, Traffic Traffic, PollServerProcess? Server, Func<Task> PollAsync)
{
    private PollCost _sum = new("", 0, 0, 0, TimeSpan.Zero, TimeSpan.Zero);
    private int _polls;

    /// <summary>What a poll took on average.</summary>
    public PollCost Cost => new(Name, _sum.Requests / _polls, _sum.BytesSent / _polls, _sum.BytesReceived / _polls, _sum.Processor / _polls, _sum.Elapsed / _polls);

    public async Task WarmUpAsync(int polls)
    {
        for (var count = 0; count < polls; count++)
            await PollAsync();
    }

    public async Task RunAsync(int polls)
    {
        _ = await RequestsAsync();
        var (sent, received, processor, began) = (Traffic.Sent, Traffic.Received, Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        await WarmUpAsync(polls);
        var (elapsed, used) = (Stopwatch.GetElapsedTime(began), Environment.CpuUsage.TotalTime - processor);
        _polls += polls;
        _sum = new PollCost(
            Name, _sum.Requests + await RequestsAsync(), _sum.BytesSent + Traffic.Sent - sent, _sum.BytesReceived + Traffic.Received - received, _sum.Processor + used, _sum.Elapsed + elapsed);
    }

    private async Task<int> RequestsAsync() => Server is null ? 0 : await Server.CountRequestsAsync();
}
