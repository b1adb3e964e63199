using Dewy.Engine.Agent;
using Dewy.Engine.Composition;
using Dewy.Engine.Deployment;
using Dewy.Engine.Processes;
using Dewy.Engine.Registries;
using Dewy.Engine.Releases;
using Dewy.Tests;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dewy.Engine.Tests.Agent.Support;

/// <summary>A whole agent in assets mode on a real root, with a scripted registry and a clock that only the test moves.</summary>
internal sealed class SimulatedAgent : IAsyncDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly DewyAgent _agent;
    private readonly Task _running;

    public SimulatedAgent(Func<ApplicationOptions, ApplicationOptions>? configure = null, Action<ScriptedSource>? publish = null)
    {
        Time.SetLocalTimeZone(TimeZoneInfo.Utc);
        publish?.Invoke(Source);
        var options = new ApplicationOptions
        {
            Name = "site",
            Mode = DeploymentMode.Assets,
            Registry = new RegistryAddress { Scheme = "scripted", Authority = "releases", Path = "", DisplayName = "scripted://releases" },
            Criteria = new ReleaseCriteria(),
            Deployment = new DeploymentOptions { Root = _root.Path },
        };
        var services = new EngineServices
        {
            Time = Time,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "" },
            Processes = new ProcessStarter(),
            Platform = HostPlatform.Parse("linux/amd64"),
            Registries = Source,
            UserName = "tester",
            HostName = "host",
            Jitter = () => 0.5,
        };
        _agent = new DewyAgent(services.Open(configure?.Invoke(options) ?? options, Events, notifies: true));
        Engine = new DewyEngine(services);
        _running = _agent.RunAsync(_stop.Token);
    }

    public static DateTimeOffset Start { get; } = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero); // a Wednesday

    public FakeTimeProvider Time { get; } = new(Start);

    public ScriptedSource Source { get; } = new();

    public RecordingEventSink Events { get; } = new();

    public IDewyEngine Engine { get; }

    public string Root => _root.Path;

    public string? LiveContent => File.Exists(_root.Combine("current", "index.html")) ? File.ReadAllText(_root.Combine("current", "index.html")) : null;

    public AgentStatus Status => _agent.GetStatus();

    public RootState State => new DeploymentRoot(Root, Events, Time).State.Read();

    /// <summary>When the registry was asked, as seconds since the start.</summary>
    public IReadOnlyList<double> Polls => [.. Events.Of<RegistryPolled>().Select(poll => (poll.Time - Start).TotalSeconds)];

    /// <summary>Moves the clock second by second, letting the agent finish what each brings, until the condition holds.</summary>
    public async Task AdvanceUntilAsync(Func<bool> condition, string what, int atMostSeconds, double step = 1)
    {
        for (var passed = 0.0; passed <= atMostSeconds; passed += step)
        {
            await IdleAsync();
            if (condition())
                return;
            Time.Advance(TimeSpan.FromSeconds(step));
        }

        Assert.Fail($"It never came true in {atMostSeconds} simulated seconds that {what}. Seen: {string.Join(", ", Events.Events.TakeLast(20).Select(seen => seen.ToString()))}");
    }

    public Task AdvanceAsync(int seconds, double step = 1)
    {
        var until = Time.GetUtcNow() + TimeSpan.FromSeconds(seconds);
        return AdvanceUntilAsync(() => Time.GetUtcNow() >= until, "time passes", seconds + 1, step);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();

        // Stopping has time limits too, such as that of messages which are still on their way.
        await Eventually.IsTrueAsync(
            () =>
            {
                Time.Advance(_running.IsCompleted ? TimeSpan.Zero : TimeSpan.FromMilliseconds(100));
                return _running.IsCompleted;
            },
            "the agent stopped");
        await _running;
        await _agent.DisposeAsync();
        _stop.Dispose();
        _root.Dispose();
    }

    /// <summary>Waits, in real time, until the agent waits for the clock.</summary>
    private Task IdleAsync() => Eventually.IsTrueAsync(() => _agent.IsWaiting || _running.IsCompleted, "the agent waits for the clock");
}
