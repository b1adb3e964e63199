using Dewy.Engine.Registries;
using Dewy.Engine.Releases;

namespace Dewy.Benchmarks;

/// <summary>
/// What it costs to hear from a registry that nothing changed, which is what an agent does nearly always. The baseline is a
/// bare conditional GET that is answered with 304. Registries run in a process of their own: processor time is the agent's.
/// </summary>
internal sealed class PollBenchmark(BenchmarkArguments arguments)
{
    private const int WarmUp = 500;

    /// <summary>Turns that baseline and registry take, so that a busy machine is busy for both.</summary>
    private const int Rounds = 10;

    /// <summary>Some kernels count processor time in ticks of 10 ms; the baseline takes so little that it needs more polls to be seen.</summary>
    private const int BaselineFactor = 10;

    private readonly int _polls = Math.Max(arguments.Number("polls", 1000), Rounds);
    private readonly int _releases = arguments.Number("releases", 1000);
    private readonly HostPlatform _host = HostPlatform.Parse("linux/amd64");

    public async Task<bool> RunAsync()
    {
        Console.WriteLine($"{_polls} polls of {_releases} releases that do not change, after {WarmUp} to warm up; per poll:");
        Console.WriteLine($"{"",-10}{"requests",10}{"sent",10}{"received",10}{"processor",13}{"elapsed",13}{"bare 304",13}{"ratio",8}");
        await using var server = await PollServerProcess.StartAsync("unchanged", 0);
        var traffic = new Traffic();
        using var client = new HttpClient(traffic.CreateHandler());
        var isFrugal = true;
        foreach (var kind in (arguments.Text("registry") ?? "ghr,s3,gs,img,grpc,file").Split(','))
        {
            var baseline = new PollSubject("304", traffic, server, () => AskAsync(client, server.Url));
            var cost = await MeasureAsync(kind, baseline);
            Print(cost, baseline.Cost);
            isFrugal &= cost.Requests <= MostRequests(kind);
        }

        return isFrugal;
    }

    /// <summary>Requests a poll may make: the list, and where the list does not tell, the chosen release.</summary>
    private int MostRequests(string kind) => kind switch
    {
        "file" => 0,
        "ghr" or "grpc" => 1,
        _ => 1 + ((_releases + 999) / 1000),
    };

    /// <summary>The baseline: a conditional GET and nothing else.</summary>
    private static async Task AskAsync(HttpClient client, string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.IfNoneMatch.ParseAdd(UnchangedServer.EntityTag);
        using var response = await client.SendAsync(request);
        Require(response.StatusCode is System.Net.HttpStatusCode.NotModified, "304");
    }

    private async Task<PollCost> MeasureAsync(string kind, PollSubject baseline)
    {
        await using var server = kind is "file" ? null : await PollServerProcess.StartAsync(kind, _releases);
        var directory = Directory.CreateTempSubdirectory("dewy-poll-");
        try
        {
            if (kind is "file")
                Fill(directory.FullName);
            var traffic = new Traffic();
            var address = RegistryAddress.Parse(kind switch
            {
                "file" => $"file://{directory.FullName}?artifact={PollServer.Artifact}",
                "ghr" => $"ghr://acme/app?artifact={PollServer.Artifact}",
                "gs" => $"gs://{PollServer.GoogleBucket}/app?artifact={PollServer.Artifact}",
                _ => server?.Url ?? "",
            });
            await using var source = RegistryCatalog.BuiltIn.Create(address, new RegistryServices
            {
                TimeProvider = TimeProvider.System,
                Platform = _host,
                CreateHandler = traffic.CreateHandler,
                Environment = Environment(server?.Url, directory.FullName),
            });
            var finder = new ReleaseFinder(source, address.ToCriteria(), _host, TimeProvider.System, "app");
            Require((await finder.FindNewestAsync(CancellationToken.None)).Release is { Artifact: not null, IsNewest: true }, kind);
            var subject = new PollSubject(kind, traffic, server, async () =>
                Require((await finder.FindNewestAsync(CancellationToken.None)).Outcome is PollOutcome.NotModified or PollOutcome.Unchanged, kind));
            await subject.WarmUpAsync(WarmUp);
            await baseline.WarmUpAsync(WarmUp);
            for (var round = 0; round < Rounds; round++)
            {
                await baseline.RunAsync(BaselineFactor * _polls / Rounds);
                await subject.RunAsync(_polls / Rounds);
            }

            return subject.Cost;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static Dictionary<string, string> Environment(string? url, string home) => new(StringComparer.Ordinal)
    {
        ["HOME"] = home,
        ["GITHUB_API_URL"] = url ?? "",
        ["STORAGE_EMULATOR_HOST"] = url ?? "",
        ["GH_TOKEN"] = PollServer.Token,
        ["AWS_ACCESS_KEY_ID"] = PollServer.KeyId,
        ["AWS_SECRET_ACCESS_KEY"] = PollServer.Token,
    };

    private void Fill(string folder)
    {
        foreach (var tag in PollServer.Tags(_releases))
        {
            var release = Directory.CreateDirectory(Path.Combine(folder, tag));
            File.WriteAllBytes(Path.Combine(release.FullName, PollServer.Artifact), [1]);
        }
    }

    private static void Require(bool holds, string name)
    {
        if (!holds)
            throw new InvalidOperationException($"{name} did not answer that nothing changed.");
    }

    private static void Print(PollCost cost, PollCost baseline) => Console.WriteLine(
        $"{cost.Name,-10}{cost.Requests,10:0.00}{cost.BytesSent,10:0}{cost.BytesReceived,10:0}{cost.Processor.TotalMicroseconds,10:0} us{cost.Elapsed.TotalMicroseconds,10:0} us{baseline.Processor.TotalMicroseconds,10:0} us{cost.Processor / baseline.Processor,8:0.0}");
}
