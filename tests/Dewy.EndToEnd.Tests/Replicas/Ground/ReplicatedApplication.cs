using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dewy.EndToEnd.Tests.Hosting;
using Dewy.Engine.Deployment;
using Dewy.Tests;

namespace Dewy.EndToEnd.Tests.Replicas.Ground;

/// <summary>An application that runs as replicas behind the proxy, with its registry, its root and its ports. Whatever was started for it is gone afterwards.</summary>
internal sealed class ReplicatedApplication : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory;
    private readonly ReplicaProgram _program;
    private readonly int _count;
    private readonly List<IAsyncDisposable> _started = [];
    private Socket? _socket;

    private ReplicatedApplication(ReplicaProgram program, int count, TemporaryDirectory directory, ReplicaGround ground)
    {
        _program = program;
        _count = count;
        _directory = directory;
        Ground = ground;
        Ports = [.. Enumerable.Range(0, program.PortCount).Select(_ => FreePort.Find())];
    }

    public ReplicaGround Ground { get; }

    public string Root => RootIn(_directory);

    /// <summary>Where its proxy listens.</summary>
    public IReadOnlyList<int> Ports { get; }

    public int Port => Ports[0];

    public RootState State => Observed.State.Read();

    public IReadOnlyList<Deployment> History => Observed.History.Read(100);

    /// <summary>The root as the engine reads it.</summary>
    public DeploymentRoot Observed => new(Root, new RecordingEventSink(), TimeProvider.System);

    private string Temporary => Directory.CreateDirectory(_directory.Combine("tmp")).FullName;

    public static async Task<ReplicatedApplication> OpenAsync(ReplicaKind kind, int replicas = 2, ReplicaProgram? program = null)
    {
        var directory = new TemporaryDirectory();
        var chosen = program ?? ReplicaProgram.Small;
        var ground = await ReplicaGround.OpenAsync(kind, chosen, directory.Path, RootIn(directory));
        return new ReplicatedApplication(chosen, replicas, directory, ground);
    }

    public string Combine(params string[] parts) => _directory.Combine(parts);

    /// <summary>Options in which nothing waits longer than it must; a later value replaces an earlier one. <c>greeting</c> is what replicas are to say.</summary>
    public OptionSet Options(params (string Name, string Value)[] more)
    {
        var options = new OptionSet();
        foreach (var group in Defaults().Concat(more).Where(option => option.Name is not "greeting").GroupBy(option => option.Name))
            options.Add(group.Key, group.Last().Value);
        for (var index = 0; index < Ports.Count; index++)
            options.Add(_program.PortOption(index), Ground.Listen(Ports[index], index));
        foreach (var word in Ground.Arguments(more.LastOrDefault(option => option.Name is "greeting").Value))
            options.Add(Ground.ArgumentsOption, word);
        return options;
    }

    /// <summary>The same as arguments of <c>dewy</c>.</summary>
    public IReadOnlyList<string> CommandLine(params (string Name, string Value)[] more)
    {
        var options = Options(more);
        return
        [
            Ground.Command,
            .. options.Where(option => option.Key is not "mode" && option.Key != Ground.ArgumentsOption).SelectMany(option => option.Value, (option, value) => $"--{option.Key}={value}"),
            "--",
            .. options.Values(Ground.ArgumentsOption),
        ];
    }

    public AgentHost StartAgent(params (string Name, string Value)[] more) => Track(new AgentHost(Options(more)));

    /// <summary>Runs <c>dewy</c> itself.</summary>
    public AgentProcess StartCommand(params (string Name, string Value)[] more) => Track(AgentProcess.StartCommand(_directory.Path, CommandLine(more)));

    /// <summary>The same with variables besides those of the test's process.</summary>
    public AgentProcess StartCommand(IReadOnlyDictionary<string, string> environment, params (string Name, string Value)[] more) =>
        Track(AgentProcess.StartCommand(_directory.Path, environment, CommandLine(more)));

    /// <summary>Opens the public port here, for agents that are given it: connections wait while there is none.</summary>
    public void OpenSocket()
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        _socket.Listen(4096);
    }

    public void CloseSocket() => _socket?.Dispose();

    /// <summary>Starts an agent in a process of its own on the socket that was opened.</summary>
    public AgentProcess StartAgentOnSocket(string? killAt = null, params (string Name, string Value)[] more) =>
        Track(AgentProcess.StartWithSocket(_socket ?? throw new InvalidOperationException("No socket was opened."), Options(more), killAt, Temporary));

    public SteadyLoad StartLoad(int requestsPerSecond = 50, bool keepsAlive = true) => Track(new SteadyLoad(Port, requestsPerSecond, keepsAlive));

    public T Track<T>(T started)
        where T : IAsyncDisposable
    {
        _started.Add(started);
        return started;
    }

    /// <summary>Publishes a release and makes the agent look for it at once.</summary>
    public async Task PublishAsync(AgentHost agent, string tag, Behaviour? behaviour = null)
    {
        await Ground.PublishAsync(tag, behaviour);
        agent.Wake();
    }

    /// <summary>Publishes a first release and waits until an agent has all its replicas running.</summary>
    public async Task<AgentHost> DeployFirstAsync(string tag, params (string Name, string Value)[] more)
    {
        await Ground.PublishAsync(tag);
        var agent = StartAgent(more);
        await agent.DeployedAsync(tag, deadline: Patience.Deployment);
        return agent;
    }

    /// <summary>Waits until so many replicas of a release run, and nothing else of this application is there.</summary>
    public async Task RunsExactlyAsync(string tag, int count)
    {
        IReadOnlyList<string> faults = [];
        try
        {
            await Patience.UntilAsync(async () => (faults = await FaultsAsync(tag, count)).Count == 0, "the application settles");
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"The application does not settle: {string.Join("; ", faults)}", exception);
        }
    }

    /// <summary>What is not as it must be, once nothing is being deployed; empty where all is well.</summary>
    /// <param name="tag">What must be live.</param>
    /// <param name="count">How many replicas of it must run, and no others.</param>
    public async Task<IReadOnlyList<string>> FaultsAsync(string tag, int count)
    {
        var faults = new List<string>();
        try
        {
            var state = State;
            if (state.Current?.Tag != tag)
                faults.Add($"the state has {state.Current?.Tag ?? "nothing"} as live, not {tag}");
            if (state.Attempt is { } attempt)
                faults.Add($"the attempt {attempt.Id} never ended");
        }
        catch (IOException exception)
        {
            faults.Add($"changes while one looks: {exception.Message}");
        }

        var instances = await Ground.InstancesAsync();
        if (instances.Count != count || instances.Any(instance => instance.Tag != tag || !instance.IsRunning))
            faults.Add($"there are {string.Join(", ", instances)}; {count} of {tag} must run");
        return faults;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await DisposeAsync(_started);
        }
        finally
        {
            _socket?.Dispose();
            await Ground.DisposeAsync();
            _directory.Dispose();
        }
    }

    /// <summary>The last one first, and all of them whatever becomes of one: an agent that went on would start what is removed next.</summary>
    private static async Task DisposeAsync(IReadOnlyList<IAsyncDisposable> started)
    {
        if (started.Count == 0)
            return;
        try
        {
            await started[^1].DisposeAsync();
        }
        finally
        {
            await DisposeAsync([.. started.SkipLast(1)]);
        }
    }

    private static string RootIn(TemporaryDirectory directory) => directory.Combine("root");

    private IEnumerable<(string Name, string Value)> Defaults() =>
    [
        ("mode", Ground.Command),
        ("registry", Ground.Registry),
        ("root", Root),
        ("interval", "1s"),
        ("admin-port", "0"),
        ("replicas", string.Create(CultureInfo.InvariantCulture, $"{_count}")),
        ("health-path", "/health"),
        ("health-timeout", "30s"),
        .. Ground.Options,
    ];
}
