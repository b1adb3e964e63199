using System.Globalization;
using Dewy.Engine.Composition;
using Dewy.Engine.Deployment;
using Dewy.Tests;

namespace Dewy.EndToEnd.Tests.Hosting;

/// <summary>An application with its registry, its root and its port. Whatever was started for it is gone afterwards.</summary>
internal sealed class SampleApplication : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory;
    private readonly List<IAsyncDisposable> _started = [];
    private readonly string? _root;

    /// <param name="mode">What it is.</param>
    /// <param name="root">A root elsewhere; null for one of its own.</param>
    public SampleApplication(DeploymentMode mode = DeploymentMode.Server, string? root = null)
    {
        if (mode == DeploymentMode.Server)
            Component.Program("perl");
        Mode = mode;
        _directory = new TemporaryDirectory();
        _root = root;
        Registry = new ReleaseFolder(Directory.CreateDirectory(_directory.Combine("registry")).FullName);
    }

    public DeploymentMode Mode { get; }

    public ReleaseFolder Registry { get; }

    public string Root => _root ?? _directory.Combine("root");

    /// <summary>Temporary directory of agents that are processes of their own.</summary>
    public string Temporary => _directory.Combine("tmp");

    public int Port { get; } = FreePort.Find();

    public IDewyEngine Engine { get; } = DewyEngine.Create();

    /// <summary>The root as the engine reads it.</summary>
    public DeploymentRoot Observed => new(Root, new RecordingEventSink(), TimeProvider.System);

    public RootState State => Observed.State.Read();

    public IReadOnlyList<Deployment> History => Observed.History.Read(100);

    public string Combine(params string[] parts) => _directory.Combine(parts);

    /// <summary>Options in which nothing waits longer than it must; a later value replaces an earlier one.</summary>
    public OptionSet Options(params (string Name, string Value)[] more) => Options(["perl", "./current/app.pl"], more);

    /// <summary>The same with another program.</summary>
    public OptionSet Options(IReadOnlyList<string> command, params (string Name, string Value)[] more)
    {
        var options = new OptionSet();
        foreach (var group in Defaults().Concat(more).GroupBy(option => option.Name))
            options.Add(group.Key, group.Last().Value);
        foreach (var word in Mode == DeploymentMode.Server ? command : [])
            options.Add("command", word);
        return options;
    }

    public AgentHost StartAgent(params (string Name, string Value)[] more) => Track(new AgentHost(Options(more)));

    public AgentHost StartAgent(IReadOnlyList<string> command, params (string Name, string Value)[] more) => Track(new AgentHost(Options(command, more)));

    public AgentHost StartAgent(Func<IEngineEventSink, IDewyAgent> create) => Track(new AgentHost(create));

    public AgentProcess StartAgentProcess(string? killAt = null, params (string Name, string Value)[] more) => 
        Track(AgentProcess.Start(Options(more), killAt, Directory.CreateDirectory(Temporary).FullName));

    /// <summary>Runs <c>dewy</c> in this application's directory.</summary>
    public AgentProcess StartCommand(params IEnumerable<string> arguments) => Track(AgentProcess.StartCommand(_directory.Path, arguments));

    /// <summary>The same with variables besides those of the test's process.</summary>
    public AgentProcess StartCommand(IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments) =>
        Track(AgentProcess.StartCommand(_directory.Path, environment, arguments));

    /// <summary>Runs <c>dewy</c> through another program.</summary>
    public AgentProcess StartCommandAs(string program, IEnumerable<string> before, params IEnumerable<string> arguments) =>
        Track(AgentProcess.StartCommandAs(_directory.Path, program, before, arguments));

    public SteadyLoad StartLoad(int requestsPerSecond = 100, bool keepsAlive = true) => Track(new SteadyLoad(Port, requestsPerSecond, keepsAlive));

    /// <summary>Publishes a release and deploys it once, leaving the program running where there is one.</summary>
    public async Task DeployAsync(string tag, params (string Name, string Value)[] more)
    {
        Registry.Publish(tag);
        if (await DeployOnceAsync(more) is not { Result: DeploymentResult.Succeeded })
            throw new InvalidOperationException($"{tag} was not deployed: {History[0].Error}");
    }

    /// <summary>One cycle, as a command makes it.</summary>
    public Task<Deployment?> DeployOnceAsync(params (string Name, string Value)[] more) => DeployOnceAsync(force: false, more);

    public Task<Deployment?> DeployOnceAsync(bool force, params (string Name, string Value)[] more) =>
        Engine.DeployAsync(Options(more), force, new RecordingEventSink(), CancellationToken.None);

    /// <summary>Publishes a release and makes the agent look for it at once.</summary>
    public void Publish(AgentHost agent, string tag, Behaviour? behaviour = null)
    {
        Registry.Publish(tag, behaviour);
        agent.Wake();
    }

    /// <summary>Waits until a version answers, and only that: the one before may still take connections for a moment after it was told to end.</summary>
    public async Task AnswersAsync(string tag)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        string answered;
        while ((answered = (await client.GetStringAsync(new Uri($"http://127.0.0.1:{Port}/"), CancellationToken.None)).Split(' ')[0]) != tag)
        {
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"{answered} answers, not {tag}.");
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var started in Enumerable.Reverse(_started))
            await started.DisposeAsync();
        if (OperatingSystem.IsLinux())
            ProgramProcesses.Kill(Root);
        _directory.Dispose();
    }

    private IEnumerable<(string Name, string Value)> Defaults()
    {
        yield return ("mode", Mode.ToString().ToLowerInvariant());
        yield return ("registry", Registry.Url);
        yield return ("root", Root);
        yield return ("interval", "1s");
        yield return ("admin-port", "0"); // many agents at once have no ten ports to share; tests of the admin API say otherwise
        if (Mode != DeploymentMode.Server)
            yield break;
        yield return ("port", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}"));
        yield return ("start-wait", "100ms");
        yield return ("stop-timeout", "10s");
    }

    private T Track<T>(T started)
        where T : IAsyncDisposable
    {
        _started.Add(started);
        return started;
    }
}
