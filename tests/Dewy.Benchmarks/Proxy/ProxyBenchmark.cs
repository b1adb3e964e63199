using System.Globalization;

namespace Dewy.Benchmarks.Proxy;

/// <summary>
/// What a request costs that goes through the proxy, beside other proxies: each in its own process, in front of the same
/// backend, taking turns so that a busy machine is busy for all. Ratios count; requests per second also measure the client
/// and the backend, which share the processors.
/// </summary>
internal sealed class ProxyBenchmark(BenchmarkArguments arguments)
{
    private readonly bool _isQuick = arguments.Has("quick");
    private readonly int _rounds = Math.Max(1, arguments.Number("rounds", arguments.Has("quick") ? 1 : 3));
    private readonly TimeSpan _duration = TimeSpan.FromSeconds(arguments.Number("seconds", arguments.Has("quick") ? 2 : 5));
    private readonly int[] _connections = [.. Words(arguments.Text("connections") ?? "1,64,512").Select(word => int.Parse(word, CultureInfo.InvariantCulture))];
    private readonly string[] _bodies = Words(arguments.Text("bodies") ?? "1k,100k");
    private readonly string[] _kinds = Words(arguments.Text("kinds") ?? "http,tcp");
    private readonly string[]? _names = arguments.Text("names") is { } names ? Words(names) : null;

    public async Task<bool> RunAsync()
    {
        if (Array.Find(["wrk", "nginx"], tool => !ProxyProcess.IsInstalled(tool)) is { } missing)
        {
            Console.WriteLine($"Skipped: {missing} is not installed, and the benchmark needs it.");
            return true;
        }

        var directory = Directory.CreateTempSubdirectory("dewy-proxy-");
        try
        {
            var port = ProxyProcess.FindPort();
            await using var backend = await ProxyProcess.StartAsync(await Contenders.PrepareBackendAsync(directory.FullName, port), port);
            var isClean = true;
            foreach (var kind in _kinds)
                isClean &= await CompareAsync(kind, directory.FullName, backend);
            return isClean;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static string[] Words(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private async Task<bool> CompareAsync(string kind, string directory, ProxyProcess backend)
    {
        var running = new List<(string Name, ProxyProcess Process)>();
        try
        {
            foreach (var contender in Contenders.All.Where(contender => contender.IsTcp == kind is "tcp" && _names?.Contains(contender.Name) is not false))
            {
                if (contender.Tool is { } tool && !ProxyProcess.IsInstalled(tool))
                {
                    Console.WriteLine($"{kind}: {contender.Name} is skipped, {tool} is not installed.");
                    continue;
                }

                var port = ProxyProcess.FindPort();
                running.Add((contender.Name, await ProxyProcess.StartAsync(await contender.Prepare(directory, port, backend.Port), port)));
            }

            // Compiled in tiers, as a program that runs for days is.
            foreach (var (_, proxy) in running)
                await WrkRun.RunAsync($"http://127.0.0.1:{proxy.Port}/1k", 64, TimeSpan.FromSeconds(_isQuick ? 2 : 8));
            var isClean = true;
            foreach (var body in _bodies)
            {
                foreach (var connections in _connections)
                    isClean &= await CompareAsync($"{kind}, {body}B, {connections} connections", body, connections, running);
            }

            return isClean;
        }
        finally
        {
            foreach (var (_, process) in running)
                await process.DisposeAsync();
        }
    }

    private async Task<bool> CompareAsync(string title, string body, int connections, IReadOnlyList<(string Name, ProxyProcess Process)> running)
    {
        var figures = running.ToDictionary(proxy => proxy.Name, _ => new ProxyFigures(), StringComparer.Ordinal);
        for (var round = 0; round < _rounds; round++)
        {
            foreach (var (name, proxy) in running)
            {
                var before = proxy.ProcessorTime;
                var run = await WrkRun.RunAsync($"http://127.0.0.1:{proxy.Port}/{body}", connections, _duration);
                figures[name].Add(run, proxy.ProcessorTime - before);
            }
        }

        Print(title, figures);
        return !figures.TryGetValue(Contenders.Own, out var own) || own.Failures == 0;
    }

    private static void Print(string title, Dictionary<string, ProxyFigures> figures)
    {
        Console.WriteLine();
        Console.WriteLine($"{title,-36}{"requests/s",12}{"p50",12}{"p99",12}{"processor",14}{"of nginx's",12}{"of Go's",10}{"failures",10}");
        foreach (var (name, one) in figures)
        {
            Console.WriteLine(
                $"  {name,-34}{one.PerSecond,12:0}{one.Half,9:0.00} ms{one.Most,9:0.00} ms{one.Processor,11:0.0} us{Ratio(one, figures, Contenders.Nginx),12}{Ratio(one, figures, Contenders.Go),10}{one.Failures,10}");
        }
    }

    /// <summary>Processor time as part of another's in the same run.</summary>
    private static string Ratio(ProxyFigures one, Dictionary<string, ProxyFigures> figures, string other) =>
        figures.TryGetValue(other, out var baseline) && baseline.Processor > 0 ? (one.Processor / baseline.Processor).ToString("0.00", CultureInfo.InvariantCulture) : "";
}
