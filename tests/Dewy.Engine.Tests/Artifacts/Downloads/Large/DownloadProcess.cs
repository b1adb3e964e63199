using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Dewy.Engine.Artifacts;
using Dewy.Engine.Artifacts.Caching;
using Dewy.Engine.Registries;
using Dewy.Engine.Releases;
using Dewy.Engine.Tests.Registries.Http;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Artifacts.Downloads.Large;

/// <summary>
/// Another process that fetches a file into a cache and tells what that took: this test program started again, running the
/// explicit test below, which no ordinary run includes. So nothing but the download is in its memory.
/// </summary>
public sealed class DownloadProcess
{
    private const string Prefix = "DEWY_TEST_DOWNLOAD_";
    private const long WarmUp = 16 << 20;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>What a process did.</summary>
    /// <param name="Path">The file in the cache.</param>
    /// <param name="Length">Its length.</param>
    /// <param name="PeakResident">See <see cref="MemoryGrowth.PeakResident"/>.</param>
    /// <param name="Managed">See <see cref="MemoryGrowth.Managed"/>.</param>
    internal sealed record Outcome(string Path, long Length, long PeakResident, long Managed);

    /// <summary>What it is to fetch.</summary>
    /// <param name="Location">Where it is.</param>
    /// <param name="WarmUp">A small one before, so that compilation and connections do not count.</param>
    /// <param name="Length">Its length.</param>
    /// <param name="Digest">SHA-256 it must have, hexadecimal.</param>
    /// <param name="Hoards">Whether the process also keeps all it has fetched, to see that this is seen.</param>
    internal sealed record Order(Uri Location, Uri WarmUp, long Length, string Digest, bool Hoards = false);

    internal static async Task<Outcome> RunAsync(Order order, string directory, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [typeof(DownloadProcess).Assembly.Location, "-explicit", "only", "-method", $"{typeof(DownloadProcess).FullName}.{nameof(FetchAndMeasure)}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        start.Environment[Prefix + "ORDER"] = JsonSerializer.Serialize(order);
        start.Environment[Prefix + "DIRECTORY"] = directory;
        using var process = Process.Start(start)!; // null only with UseShellExecute
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, output);
            return JsonSerializer.Deserialize<Outcome>(await File.ReadAllTextAsync(Path.Combine(directory, "outcome.json"), limit.Token))!; // the process writes one
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Where the small file before is served from.</summary>
    internal static Task<CuttingServer> WarmUpServerAsync() => CuttingServer.CreateAsync(WarmUp, WarmUp / 2);

    [Fact(Explicit = true)]
    public async Task FetchAndMeasure()
    {
        var order = JsonSerializer.Deserialize<Order>(Variable("ORDER"))!; // written by RunAsync
        var directory = Variable("DIRECTORY");
        await using var source = new HttpFileSource(new RegistryServices { TimeProvider = TimeProvider.System });
        await FetchAsync(source, "small", order.WarmUp, WarmUp, GeneratedContent.Sha256(WarmUp));
        var growth = MemoryGrowth.Begin();

        var fetched = await FetchAsync(source, "large", order.Location, order.Length, Digest.Parse($"sha256:{order.Digest}"));
        var hoard = order.Hoards ? await File.ReadAllBytesAsync(fetched, TestContext.Current.CancellationToken) : [];
        var outcome = new Outcome(fetched, new FileInfo(fetched).Length, growth.PeakResident, growth.Managed);
        GC.KeepAlive(hoard);
        await File.WriteAllTextAsync(Path.Combine(directory, "outcome.json"), JsonSerializer.Serialize(outcome), TestContext.Current.CancellationToken);

        async Task<string> FetchAsync(HttpFileSource from, string tag, Uri location, long length, Digest digest)
        {
            var asset = new ReleaseAsset { Name = "app", Location = location, Size = length, Digests = [digest] };
            var cache = new LocalArtifactCache(Path.Combine(directory, "cache"), root: null, new ArtifactOptions { VerifyChecksum = ChecksumPolicy.Required }, new RecordingEventSink(), new ImpatientTimeProvider());
            return (await cache.GetOrFetchAsync(new ArtifactRequest { Tag = tag, Asset = asset, Files = [asset], Source = from }, TestContext.Current.CancellationToken)).Path;
        }
    }

    private static string Variable(string name) =>
        Environment.GetEnvironmentVariable(Prefix + name) ?? throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Started without {Prefix}{name}."));
}
