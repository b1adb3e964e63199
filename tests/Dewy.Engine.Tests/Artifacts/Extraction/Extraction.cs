using Dewy.Engine.Artifacts;
using Dewy.Engine.Artifacts.Extraction;
using Dewy.Tests;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.Engine.Tests.Artifacts.Extraction;

/// <summary>One extraction in a directory of its own.</summary>
internal sealed class Extraction : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public Extraction()
    {
        Directory.CreateDirectory(Destination);
        Directory.CreateDirectory(Source);
    }

    public ArtifactOptions Options { get; set; } = new();

    public RecordingEventSink Events { get; } = new();

    public TimeProvider Time { get; set; } = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public string Base => _directory.Path;

    /// <summary>Where archives extract to; two levels down, so that what escapes still lands in <see cref="Base"/>.</summary>
    public string Destination => _directory.Combine("root", "releases", "partial");

    /// <summary>What archives are made of.</summary>
    public string Source => _directory.Combine("source");

    public string Write(string name, byte[] content)
    {
        var path = _directory.Combine(name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public Task<ExtractionResult> RunAsync(string path, Digest? expected = null, CancellationToken? cancellationToken = null, string? name = null) =>
        new ArchiveExtractor(Options, Events, Time).ExtractAsync(
            new ExtractionRequest { ArchivePath = path, ArtifactName = name ?? Path.GetFileName(path), DestinationDirectory = Destination, ExpectedDigest = expected },
            cancellationToken ?? TestContext.Current.CancellationToken);

    public Task<ExtractionResult> RunAsync(string name, byte[] content) => RunAsync(Write(name, content));

    /// <summary>Extracts what must be refused and returns the refusal.</summary>
    public async Task<DewyException> RefuseAsync(string name, byte[] content) =>
        await Assert.ThrowsAsync<DewyException>(() => RunAsync(name, content));

    public string Extracted(string path) => Path.Combine(Destination, path);

    /// <summary>Everything outside the destination, to prove that nothing escaped.</summary>
    public IEnumerable<string> Outside() =>
        Directory.EnumerateFileSystemEntries(Base, "*", SearchOption.AllDirectories).Where(path => !path.StartsWith(Destination, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>Path, kind and permissions of everything extracted.</summary>
    public async Task<string[]> ModesAsync() =>
        (await Tool.RunAsync(Destination, @"find . -mindepth 1 -printf '%P %y %m\n' | LC_ALL=C sort", "find")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public void Dispose() => _directory.Dispose();
}
