using Dewy.Benchmarks;
using Dewy.Benchmarks.Proxy;

// One class a benchmark; each compares Dewy with a baseline in the same run and prints ratios.
var benchmarks = new Dictionary<string, Func<BenchmarkArguments, Task<bool>>>(StringComparer.Ordinal)
{
    ["artifact"] = arguments => new ArtifactBenchmark(arguments).RunAsync(),
    ["proxy"] = arguments => new ProxyBenchmark(arguments).RunAsync(),
    ["poll"] = arguments => new PollBenchmark(arguments).RunAsync(),
};

// What a benchmark starts as its other process: no benchmark itself.
if (args is [PollServer.Word, var kind, var releases])
{
    await PollServer.RunAsync(kind, int.Parse(releases, System.Globalization.CultureInfo.InvariantCulture), Console.In, Console.Out);
    return 0;
}

if (args is [OwnProxy.Word, var proxyKind, var port, var backendPort])
{
    await OwnProxy.RunAsync(proxyKind, port, backendPort, Console.In);
    return 0;
}

if (args.Length == 0 || !benchmarks.TryGetValue(args[0], out var benchmark))
{
    Console.Error.WriteLine($"Choose a benchmark: {string.Join(", ", benchmarks.Keys)}. Example: dotnet run -c Release --project tests/Dewy.Benchmarks -- artifact --size 1GiB --runs 3");
    return 2;
}

return await benchmark(new BenchmarkArguments(args[1..])) ? 0 : 1;
