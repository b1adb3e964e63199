using System.Text;
using Dewy.Engine.Deployment;
using Dewy.Tests;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.Engine.Tests.Deployment;

/// <summary>A root of one test, with a clock that stands still and events that are kept.</summary>
internal sealed class RootFixture : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public RootFixture()
    {
        Root = Reopen();
        Root.Layout.EnsureCreated();
    }

    public static CancellationToken Cancelled { get; } = new(canceled: true);

    public RecordingEventSink Events { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 15, 10, 30, 45, TimeSpan.Zero));

    public DeploymentRoot Root { get; }

    public string Path => _directory.Path;

    public string Combine(params string[] parts) => _directory.Combine(parts);

    /// <summary>The root as another agent would find it.</summary>
    public DeploymentRoot Reopen() => new(_directory.Path, Events, Time);

    /// <summary>A complete release directory with one file, a second after the one before.</summary>
    public async Task<KeptRelease> AddReleaseAsync(string tag, bool good = true)
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        var staged = Root.Releases.Begin(tag, Key(tag), DigestOf(tag), $"deployment-of-{tag}");
        await File.WriteAllTextAsync(System.IO.Path.Combine(staged.PartialPath, "version"), tag);
        var kept = await Root.Releases.FinishAsync(staged, TestContext.Current.CancellationToken);
        if (good)
            Root.Releases.MarkGood(kept.Path);
        return kept;
    }

    /// <summary>A release that is live and says so everywhere.</summary>
    public async Task<KeptRelease> GoLiveAsync(string tag)
    {
        var kept = await AddReleaseAsync(tag);
        Root.Current.Switch(kept.Path);
        await Root.State.UpdateAsync(state => state with { Previous = state.Current, Current = kept.ToLive() }, TestContext.Current.CancellationToken);
        return kept;
    }

    public string WriteFile(string content, params string[] parts)
    {
        var path = Combine(parts);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    public DeploymentAttempt AttemptOf(string tag, string? directory) => new()
    {
        Id = $"deployment-of-{tag}",
        Mode = DeploymentMode.Server,
        Tag = tag,
        Key = Key(tag),
        Digest = DigestOf(tag),
        Directory = directory,
        PreviousTag = "v0",
        PreviousDirectory = Root.Current.Read(),
        StartedAt = Time.GetUtcNow(),
        RequestedBy = "agent",
    };

    public Dewy.Deployment DeploymentOf(string tag, string? message = null) => new()
    {
        Id = $"id-{tag}",
        Mode = DeploymentMode.Assets,
        Tag = tag,
        Digest = DigestOf(tag),
        ReleaseDirectory = Combine("releases", "20260115T103045Z"),
        Result = message is null ? DeploymentResult.Succeeded : DeploymentResult.Failed,
        Error = message is null ? null : new DeploymentError { Code = ErrorCode.HealthCheckFailed, Message = message, NextStep = "Look." },
        StartedAt = Time.GetUtcNow(),
        FinishedAt = Time.GetUtcNow().AddSeconds(2.5),
        Phases = [new PhaseTiming("fetch", TimeSpan.FromMilliseconds(1250))],
        RequestedBy = "agent",
        Root = Path,
    };

    public static Digest DigestOf(string tag) => Digest.Sha256(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(tag)));

    public static string Key(string tag) => $"{tag}--app.tar.gz";

    public void Dispose() => _directory.Dispose();
}
