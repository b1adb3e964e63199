using System.Formats.Tar;
using Dewy.EndToEnd.Tests.Hosting;
using Dewy.Tests;
using Xunit;

namespace Dewy.EndToEnd.Tests.Operators;

public sealed class MemoryTests
{
    private const int Mebibyte = 1 << 20;

    /// <summary>Buffers, and what the runtime takes its time to give back; far below the size of the artifact.</summary>
    private const long Allowed = 80L * Mebibyte;

    [Fact]
    public async Task LargeArtifact_MemoryOfTheAgentStaysBounded()
    {
        Component.Linux();
        var small = await PeakAsync(mebibytes: 1);
        var large = await PeakAsync(mebibytes: 200);

        TestContext.Current.TestOutputHelper?.WriteLine($"peak for 1 MiB: {small / Mebibyte} MiB, for 200 MiB: {large / Mebibyte} MiB");
        Assert.InRange(large - small, long.MinValue, Allowed);
    }

    /// <summary>Peak of the resident memory of an agent that deploys an artifact of a size.</summary>
    private static async Task<long> PeakAsync(int mebibytes)
    {
        await using var application = new SampleApplication(DeploymentMode.Assets);
        var release = Directory.CreateDirectory(application.Combine("registry", "v1.0.0"));
        using (var file = File.Create(Path.Combine(release.FullName, "app.tar")))
        using (var tar = new TarWriter(file))
        {
            using var content = new FileStream(application.Combine("content"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 4096, FileOptions.DeleteOnClose);
            var block = new byte[Mebibyte];
            Random.Shared.NextBytes(block);
            for (var count = 0; count < mebibytes; count++)
                content.Write(block);
            content.Position = 0;
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "content.bin") { DataStream = content });
        }

        var agent = application.StartAgentProcess(more: ("registry", $"file://{application.Registry.Path}?artifact=app.tar"));
        await agent.SaidAsync("StepCompleted prune");
        Assert.Equal((long)mebibytes * Mebibyte, new FileInfo(Path.Combine(application.Root, "current", "content.bin")).Length);
        var line = File.ReadLines($"/proc/{agent.Id}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) * 1024;
    }
}
