using Dewy.Engine.Containers.RunOptions.Values;

namespace Dewy.Engine.Containers.RunOptions;

/// <summary>Collects options one by one. What is wrong with a value is a <see cref="FormatException"/>, which never quotes what may be secret.</summary>
internal sealed class RunOptionBuilder
{
    private readonly bool _allowUnsafe;
    private readonly RunOptionContext _context;
    private readonly HostPathGuard _guard;
    private readonly EnvironmentReader _environment;
    private readonly List<EnvironmentEntry> _fromFiles = [];
    private readonly List<EnvironmentEntry> _given = [];
    private readonly Dictionary<string, string> _labels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _logOptions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _tmpfs = new(StringComparer.Ordinal);
    private readonly List<VolumeEntry> _volumes = [];
    private readonly List<MountEntry> _mounts = [];
    private readonly List<NetworkEntry> _networks = [];
    private readonly List<UlimitEntry> _ulimits = [];
    private readonly List<string> _extraHosts = [];
    private readonly List<string> _dns = [];
    private readonly List<GpuEntry> _gpus = [];
    private readonly HostControlBuilder _control;
    private ContainerRunOptions _single = new();

    public RunOptionBuilder(bool allowUnsafe, RunOptionContext context)
    {
        _allowUnsafe = allowUnsafe;
        _context = context;
        _guard = new HostPathGuard(allowUnsafe, context.EngineSocket);
        _environment = new EnvironmentReader(context);
        _control = new HostControlBuilder(context.BaseDirectory);
    }

    /// <exception cref="FormatException">The value is none for that option.</exception>
    public void Add(RunOptionWord word)
    {
        ArgumentNullException.ThrowIfNull(word);
        var value = word.Value ?? "";
        switch (word.Definition.Name)
        {
            case "env": _given.AddRange(_environment.Read(value)); break;
            case "env-file": _fromFiles.AddRange(_environment.ReadFile(value)); break;
            case "volume": AddVolume(VolumeReader.Read(value, _context.BaseDirectory)); break;
            case "mount": AddMount(MountReader.Read(value, _context.BaseDirectory)); break;
            case "tmpfs": TmpfsReader.Read(value, _tmpfs); break;
            case "network": AddNetwork(NetworkReader.Read(value)); break;
            case "cpus": _single = _single with { NanoCpus = ResourceReader.NanoCpus(value) }; break;
            case "memory": _single = _single with { MemoryBytes = ResourceReader.Memory(value) }; break;
            case "ulimit": SetUlimit(ResourceReader.Ulimit(value)); break;
            case "gpus": _gpus.Add(GpuReader.Read(value)); break;
            case "entrypoint": _single = _single with { Entrypoint = value }; break;
            case "user": _single = _single with { User = WordReader.User(value) }; break;
            case "name": _single = _single with { Name = WordReader.Name(value) }; break;
            case "workdir": _single = _single with { WorkingDirectory = WordReader.ContainerPath(value) }; break;
            case "hostname": _single = _single with { HostName = WordReader.HostName(value) }; break;
            case "stop-signal": _single = _single with { StopSignal = WordReader.Signal(value) }; break;
            case "restart": _single = _single with { Restart = WordReader.Restart(value) }; break;
            case "log-driver": _single = _single with { LogDriver = WordReader.Driver(value) }; break;
            case "log-opt": Set(_logOptions, WordReader.Pair(value)); break;
            case "label": Set(_labels, WordReader.Label(value)); break;
            case "add-host": _extraHosts.Add(WordReader.ExtraHost(value)); break;
            case "dns": _dns.Add(WordReader.Address(value)); break;
            case "read-only": _single = _single with { ReadOnly = WordReader.Switch(word.Value) }; break;
            case "init": _single = _single with { Init = WordReader.Switch(word.Value) }; break;
            default: _control.Add(word); break;
        }
    }

    /// <summary>What does not go together, by the option concerned.</summary>
    public IEnumerable<(string Origin, string Problem)> Conflicts()
    {
        var targets = _volumes.Select(volume => (Origin: "--volume", volume.Target))
            .Concat(_mounts.Select(mount => (Origin: "--mount", mount.Target)))
            .Concat(_tmpfs.Keys.Select(target => (Origin: "--tmpfs", Target: target)));
        foreach (var twice in targets.GroupBy(mount => mount.Target.TrimEnd('/'), StringComparer.Ordinal).Where(group => group.Count() > 1))
            yield return (twice.Last().Origin, $"'{twice.Key}' is mounted more than once");
        if (_networks.Count > 1 && _networks.Any(network => network.Name is "host"))
            yield return ("--network", "the host's network goes together with no other");
        if (_networks.GroupBy(network => network.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } again)
            yield return ("--network", $"'{again.Key}' is named more than once");
        if (_single.HostName is not null && _networks is [{ Name: "host" }])
            yield return ("--hostname", "a container in the host's network has the host's name");
    }

    public ContainerRunOptions Build()
    {
        IReadOnlyList<EnvironmentEntry> environment = [.. _fromFiles, .. _given];
        return _single with
        {
            Environment = environment,
            Labels = _labels,
            Binds = [.. _volumes.Where(volume => volume.Source is not null).Select(volume => volume.ToBind())],
            AnonymousVolumes = [.. _volumes.Where(volume => volume.Source is null).Select(volume => volume.Target)],
            Mounts = _mounts,
            Tmpfs = _tmpfs,
            Networks = _networks,
            LogOptions = _logOptions,
            Ulimits = _ulimits,
            ExtraHosts = _extraHosts,
            Dns = _dns,
            Gpus = _gpus,
            HostControl = _control.Build(),
            HostPaths = [.. _volumes.Select(volume => volume.HostPath).Concat(_mounts.Select(MountReader.HostPath)).OfType<string>().Distinct(StringComparer.Ordinal)],
            Secrets = SecretFinder.Find(environment, _logOptions, _mounts),
        };
    }

    private void AddVolume(VolumeEntry volume)
    {
        ThrowIfRefused(volume.HostPath);
        _volumes.Add(volume);
    }

    private void AddMount(MountEntry mount)
    {
        ThrowIfRefused(MountReader.HostPath(mount));
        _mounts.Add(mount);
    }

    private void AddNetwork(NetworkEntry network)
    {
        if (network.Name is "host" && !_allowUnsafe)
            throw new FormatException("'host' gives the container the host's network and the proxy nothing to tell replicas apart by; it is refused unless --allow-unsafe is given");
        _networks.Add(network);
    }

    private void SetUlimit(UlimitEntry limit)
    {
        _ulimits.RemoveAll(known => known.Name == limit.Name);
        _ulimits.Add(limit);
    }

    private void ThrowIfRefused(string? hostPath)
    {
        if (hostPath is not null && _guard.Refusal(hostPath) is { } why)
            throw new FormatException($"'{hostPath}' is not mounted: {why}; it is refused unless --allow-unsafe is given");
    }

    private static void Set(Dictionary<string, string> pairs, (string Key, string Value) pair) => pairs[pair.Key] = pair.Value;
}
