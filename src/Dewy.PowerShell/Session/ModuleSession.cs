using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using Dewy.PowerShell.Isolation;
using Dewy.PowerShell.Jobs;

namespace Dewy.PowerShell.Session;

/// <summary>
/// What the module knows in one runspace: its engine, the agents and proxies started there, and the options that pipeline objects
/// were made with. Three runspaces have three of these and share nothing.
/// </summary>
internal sealed class ModuleSession
{
    /// <summary>Longest that closing a session or a process waits for its agents: an application may take its stop time-out and the drain time.</summary>
    public static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(90);

    // PowerShell gives a cmdlet nothing of its module's that belongs to one runspace, so the runspace is the key.
    private static readonly ConditionalWeakTable<Runspace, ModuleSession> Sessions = [];

    private readonly ConditionalWeakTable<object, OptionSet> _origins = [];
    private readonly Lock _gate = new();
    private readonly List<AgentJob> _agents = [];
    private readonly List<IDewyProxy> _proxies = [];
    private IDewyEngine? _engine;

    private ModuleSession(Runspace runspace) =>
        runspace.StateChanged += (_, change) =>
        {
            // PowerShell drops the jobs of a closed runspace without stopping them; nobody could stop them any more.
            if (change.RunspaceStateInfo.State is RunspaceState.Closed or RunspaceState.Broken)
                StopAll();
        };

    /// <summary>The engine; loaded on first use. Tests put their own in.</summary>
    public IDewyEngine Engine
    {
        get => _engine ??= EngineBorder.Engine;
        set => _engine = value;
    }

    /// <summary>Agents started in this session that have not been removed, oldest first.</summary>
    public IReadOnlyList<AgentJob> Agents
    {
        get
        {
            lock (_gate)
                return [.. _agents];
        }
    }

    /// <summary>Proxies started in this session that have not been stopped, oldest first.</summary>
    public IReadOnlyList<IDewyProxy> Proxies
    {
        get
        {
            lock (_gate)
                return [.. _proxies];
        }
    }

    /// <summary>The session of a runspace.</summary>
    public static ModuleSession Of(Runspace runspace) => Sessions.GetValue(runspace, key => new ModuleSession(key));

    /// <summary>The session of the runspace this thread serves.</summary>
    public static ModuleSession Current() =>
        Of(Runspace.DefaultRunspace ?? throw new InvalidOperationException("Dewy's cmdlets need a runspace."));

    /// <summary>Stops the agents and proxies of every session, within <see cref="StopLimit"/>.</summary>
    public static void StopEverywhere() => Wait([.. Sessions.SelectMany(pair => pair.Value.Ends())]);

    /// <summary>Stops the agents and proxies of this session, within <see cref="StopLimit"/>.</summary>
    public void StopAll() => Wait([.. Ends()]);

    public void Add(IDewyProxy proxy)
    {
        lock (_gate)
            _proxies.Add(proxy);
    }

    public void Remove(IDewyProxy proxy)
    {
        lock (_gate)
            _proxies.Remove(proxy);
    }

    public void Add(AgentJob agent)
    {
        lock (_gate)
            _agents.Add(agent);
    }

    public void Remove(AgentJob agent)
    {
        lock (_gate)
            _agents.Remove(agent);
    }

    /// <summary>
    /// Keeps the options an object was made with, so that the next cmdlet of a pipeline needs none of them again. They stay
    /// here and not on the object because a registry's URL may carry secrets.
    /// </summary>
    public void Remember(object made, OptionSet options) => _origins.AddOrUpdate(made, options);

    /// <summary>The options an object was made with; empty where it came from elsewhere.</summary>
    public OptionSet OptionsOf(object made) => _origins.TryGetValue(made, out var options) ? options : [];

    // PowerShell and the runtime call this synchronously and go on to tear things down when it returns.
    private static void Wait(Task[] ends) => Task.WaitAll(ends, StopLimit);

    private static async Task EndAsync(IDewyProxy proxy)
    {
        await using (proxy)
            await proxy.StopAsync();
    }

    private IEnumerable<Task> Ends()
    {
        IDewyProxy[] proxies;
        lock (_gate)
        {
            proxies = [.. _proxies];
            _proxies.Clear();
        }

        return [.. Agents.Select(agent => agent.EndAsync()), .. proxies.Select(EndAsync)];
    }
}
