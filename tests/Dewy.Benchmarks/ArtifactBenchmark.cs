using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Dewy.Engine.Artifacts;
using Dewy.Engine.Artifacts.Caching;
using Dewy.Engine.Artifacts.Extraction;
using Dewy.Engine.Composition;
using Dewy.Engine.Registries;
using Dewy.Engine.Registries.Folder;

namespace Dewy.Benchmarks;

/// <summary>
/// Fetching from a folder, verifying and extracting an artifact, against <c>sha256sum FILE</c> and <c>tar xzf FILE</c>,
/// which copy nothing and bring nothing to the disk. <c>--size 1GiB --runs 3 [--directory DIR] [--extract-only]</c>.
/// </summary>
internal sealed class ArtifactBenchmark(BenchmarkArguments arguments)
{
    /// <summary>Wanted at least: speed relative to the baseline.</summary>
    private const double WantedRatio = 0.7;

    /// <summary>Wanted at most: growth of peak memory in bytes.</summary>
    private const long WantedMemory = 64L << 20;

    private const string Tag = "v1.0.0";
    private const string Name = "app-linux-amd64.tar.gz";

    private readonly bool _extractOnly = arguments.Has("extract-only");

    /// <summary>Runs and prints; true when both wants are met.</summary>
    public async Task<bool> RunAsync()
    {
        if (arguments.Text("make") is { } artifact)
        {
            await new ArtifactSample(Size).CreateAsync(artifact);
            return true;
        }

        var directory = Directory.CreateDirectory(Path.Combine(arguments.Text("directory") ?? Path.GetTempPath(), $"dewy-benchmark-{Guid.NewGuid():N}")).FullName;
        try
        {
            return await RunAsync(directory);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private long Size => arguments.Size("size", 1L << 30);

    private async Task<bool> RunAsync(string directory)
    {
        var registry = Directory.CreateDirectory(Path.Combine(directory, "registry", Tag)).FullName;
        var artifact = Path.Combine(registry, Name);
        var digest = await MakeAsync(artifact, Size);

        // A small one first, so that neither compilation nor lazily made buffers count.
        var warm = Path.Combine(directory, "warm", "registry", Tag, Name);
        Directory.CreateDirectory(Path.GetDirectoryName(warm) ?? directory);
        await OursAsync(Path.Combine(directory, "warm"), warm, await MakeAsync(warm, 16 << 20));

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"artifact: {Size >> 20} MiB of files, {new FileInfo(artifact).Length >> 20} MiB compressed"));
        var before = PeakMemory();
        var baseline = new List<Timing>();
        var ours = new List<Timing>();
        for (var run = 1; run <= arguments.Number("runs", 3); run++)
        {
            baseline.Add(await BaselineAsync(directory, artifact));
            ours.Add(await OursAsync(directory, artifact, digest));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"run {run}: sha256sum + tar xzf {baseline[^1]}, dewy {ours[^1]}, ratio {baseline[^1].Seconds / ours[^1].Seconds:f2}"));
        }

        var ratio = Median(baseline).Seconds / Median(ours).Seconds;
        var growth = PeakMemory() - before;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median: baseline {Median(baseline)}, dewy {Median(ours)} ({(_extractOnly ? "verify + extract" : "fetch + verify + extract")}), ratio {ratio:f2} (wanted at least {WantedRatio})"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory: peak grew by {growth / 1048576.0:f1} MiB (wanted below {WantedMemory >> 20} MiB)"));
        return ratio >= WantedRatio && growth < WantedMemory;
    }

    // In a process of its own: its memory is not Dewy's.
    private static async Task<Digest> MakeAsync(string artifact, long size)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is unknown.");
        using var child = Process.Start(new ProcessStartInfo(program, [.. Command(), "artifact", "--make", artifact, "--size", size.ToString(CultureInfo.InvariantCulture)]) { UseShellExecute = false })
            ?? throw new InvalidOperationException("No child process started.");
        await child.WaitForExitAsync();
        if (child.ExitCode != 0)
            throw new InvalidOperationException("The artifact could not be made.");
        await using var file = File.OpenRead(artifact);
        var digest = Digest.Sha256(await SHA256.HashDataAsync(file));
        await File.WriteAllTextAsync($"{artifact}.sha256", $"{digest.Hex}  {Name}\n");
        return digest;
    }

    private static IEnumerable<string> Command() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet" ? [typeof(ArtifactBenchmark).Assembly.Location] : [];

    private static async Task<Timing> BaselineAsync(string directory, string artifact)
    {
        var target = Directory.CreateDirectory(Path.Combine(directory, "tar")).FullName;
        await SettleAsync();
        var watch = Stopwatch.StartNew();

        // The second line of "times" is what the shell's children used: 0m1.23s 0m0.45s.
        var times = await ShellAsync($"sha256sum '{artifact}' > /dev/null && tar xzf '{artifact}' -C '{target}' && times");
        var seconds = watch.Elapsed.TotalSeconds;
        Directory.Delete(target, recursive: true);
        var processor = times.Split('\n')[1].Split(' ').Sum(time => (60 * double.Parse(time.Split('m')[0], CultureInfo.InvariantCulture)) + double.Parse(time.Split('m')[1].TrimEnd('s'), CultureInfo.InvariantCulture));
        return new Timing(seconds, processor);
    }

    private async Task<Timing> OursAsync(string directory, string artifact, Digest digest)
    {
        var root = Directory.CreateDirectory(Path.Combine(directory, "dewy")).FullName;
        var target = Directory.CreateDirectory(Path.Combine(root, "partial")).FullName;
        var options = new ArtifactOptions { VerifyChecksum = _extractOnly ? ChecksumPolicy.Auto : ChecksumPolicy.Required };
        await SettleAsync();
        GC.Collect(); // runs are to be alike: what an earlier one left is not this one's need
        using var self = Process.GetCurrentProcess();
        var processor = self.TotalProcessorTime;
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var watch = Stopwatch.StartNew();
        var path = artifact;
        if (!_extractOnly)
            path = (await FetchAsync(Path.Combine(directory, "registry"), Path.Combine(root, "cache"), options)).Path;
        var fetched = watch.Elapsed.TotalSeconds;
        var allocatedToFetch = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        await new ArchiveExtractor(options, NoEvents.Instance, TimeProvider.System).ExtractAsync(
            new ExtractionRequest { ArchivePath = path, ArtifactName = Name, DestinationDirectory = target, ExpectedDigest = digest },
            CancellationToken.None);
        var seconds = watch.Elapsed.TotalSeconds;
        self.Refresh();
        processor = self.TotalProcessorTime - processor;
        if (arguments.Has("verbose"))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  fetch {fetched:f2} s, {allocatedToFetch >> 20} MiB allocated; extract {seconds - fetched:f2} s, {(GC.GetTotalAllocatedBytes(precise: true) - allocated - allocatedToFetch) >> 20} MiB allocated; peak {PeakMemory() >> 20} MiB"));
        Directory.Delete(root, recursive: true);
        return new Timing(seconds, processor.TotalSeconds);
    }

    private static async Task<CachedArtifact> FetchAsync(string registry, string cacheDirectory, ArtifactOptions options)
    {
        await using var source = new FolderReleaseSource(RegistryAddress.Parse(new Uri(registry).AbsoluteUri));
        var release = (await source.ListAsync(CancellationToken.None)).Releases.Single();
        var files = await source.ListAssetsAsync(release, CancellationToken.None);
        var cache = new LocalArtifactCache(cacheDirectory, root: null, options, NoEvents.Instance, TimeProvider.System);
        return await cache.GetOrFetchAsync(
            new ArtifactRequest { Tag = release.Tag, Asset = files.Single(file => file.Name is Name), Files = files, Source = source },
            CancellationToken.None);
    }

    // What one run left to be written must not slow the next.
    private static Task SettleAsync() => ShellAsync("sync");

    private static async Task<string> ShellAsync(string commandLine)
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", commandLine]) { UseShellExecute = false, RedirectStandardOutput = true }) ?? throw new InvalidOperationException("sh did not start.");
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"'{commandLine}' failed.");
    }

    private static long PeakMemory() => File.ReadLines("/proc/self/status")
        .Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10)
        .Single();

    private static Timing Median(List<Timing> values) => values.OrderBy(timing => timing.Seconds).ElementAt(values.Count / 2);

    /// <param name="Seconds">On the clock.</param>
    /// <param name="ProcessorSeconds">Of processor time; tells more where the machine is busy with other things.</param>
    private sealed record Timing(double Seconds, double ProcessorSeconds)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seconds:f2} s ({ProcessorSeconds:f2} s of processor)");
    }
}
