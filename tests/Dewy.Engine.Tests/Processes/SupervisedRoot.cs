using Dewy.Engine.Diagnostics;
using Dewy.Engine.Processes;
using Dewy.Tests;

namespace Dewy.Engine.Tests.Processes;

/// <summary>A root with releases that are single Perl programs, and supervisors over it that a test may abandon.</summary>
internal sealed class SupervisedRoot : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly List<GenerationSupervisor> _supervisors = [];

    public SupervisedRoot() => Options = new ServerOptions
    {
        Command = [Require.Program("perl"), "./current/app.pl"],
        Listen = ListenAddress.ParseAll(["127.0.0.1:0"]),
        StartWait = TimeSpan.FromMilliseconds(100),
        StopTimeout = TimeSpan.FromSeconds(10),
    };

    public string Path => _directory.Path;

    public ServerOptions Options { get; set; }

    public RecordingEventSink Events { get; } = new();

    public SecretRedactor Redactor { get; } = new();

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal) { ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "" };

    public string Combine(params string[] parts) => _directory.Combine(parts);

    /// <summary>Adds a release and points <c>current</c> at it.</summary>
    public LiveRelease Deploy(string tag, string program)
    {
        var directory = _directory.Combine("releases", tag);
        Directory.CreateDirectory(directory);
        File.WriteAllText(System.IO.Path.Combine(directory, "app.pl"), program);
        var release = new LiveRelease { Tag = tag, Key = $"{tag}--app", Directory = directory, DeployedAt = DateTimeOffset.UnixEpoch, DeploymentId = $"deployment of {tag}" };
        PointTo(release);
        return release;
    }

    public void PointTo(LiveRelease release)
    {
        var link = _directory.Combine("current");
        File.Delete(link);
        File.CreateSymbolicLink(link, release.Directory!); // Deploy sets it
    }

    /// <summary>A supervisor as a freshly started agent makes it.</summary>
    public GenerationSupervisor Supervisor()
    {
        var supervisor = new GenerationSupervisor("example", Path, Options, Environment, new ProcessStarter(), Redactor, Events, TimeProvider.System);
        _supervisors.Add(supervisor);
        return supervisor;
    }

    /// <summary>A supervisor that is open and runs a release.</summary>
    public async Task<GenerationSupervisor> RunAsync(LiveRelease release, CancellationToken cancellationToken)
    {
        var supervisor = Supervisor();
        await supervisor.OpenAsync(live: null, cancellationToken);
        await supervisor.ReplaceAsync(release, "start", cancellationToken);
        return supervisor;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var supervisor in _supervisors)
            await supervisor.DisposeAsync();

        // Whatever a test left running is ended through the record, as the next agent would.
        Options = Options with { Listen = [], StopTimeout = TimeSpan.FromMilliseconds(100), LeaveOnExit = false, Overlap = false };
        await using var last = new GenerationSupervisor("example", Path, Options, Environment, new ProcessStarter(), Redactor, Events, TimeProvider.System);
        await last.OpenAsync(live: null, CancellationToken.None);
        await last.CloseAsync();
        _directory.Dispose();
    }
}
