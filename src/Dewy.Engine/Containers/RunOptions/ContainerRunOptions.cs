using Docker.DotNet.Models;

namespace Dewy.Engine.Containers.RunOptions;

/// <summary>The options of <c>docker run</c> an application was given, checked and understood.</summary>
internal sealed record ContainerRunOptions
{
    public static ContainerRunOptions None { get; } = new();

    /// <summary>What names of containers begin with in place of the application's name; null where it was not given.</summary>
    public string? Name { get; init; }

    /// <summary>Later ones win, as in the engine.</summary>
    public IReadOnlyList<EnvironmentEntry> Environment { get; init; } = [];

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary><c>source:target[:mode]</c>, sources on the host absolute.</summary>
    public IReadOnlyList<string> Binds { get; init; } = [];

    /// <summary>Paths in the container that are volumes without a name.</summary>
    public IReadOnlyList<string> AnonymousVolumes { get; init; } = [];

    public IReadOnlyList<MountEntry> Mounts { get; init; } = [];

    /// <summary>Paths in the container and the options of the tmpfs there.</summary>
    public IReadOnlyDictionary<string, string> Tmpfs { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The first is the container's own; empty for the engine's default.</summary>
    public IReadOnlyList<NetworkEntry> Networks { get; init; } = [];

    /// <summary>Billionths of a processor; 0 for no limit.</summary>
    public long NanoCpus { get; init; }

    /// <summary>Bytes; 0 for no limit.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>The program in place of the image's; an empty text takes the image's away; null leaves it.</summary>
    public string? Entrypoint { get; init; }

    /// <summary>User and group; null for the image's, or the default.</summary>
    public string? User { get; init; }

    public RestartEntry Restart { get; init; } = RestartEntry.Never;

    public string? LogDriver { get; init; }

    public IReadOnlyDictionary<string, string> LogOptions { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyList<UlimitEntry> Ulimits { get; init; } = [];

    public bool ReadOnly { get; init; }

    /// <summary><c>name:address</c>.</summary>
    public IReadOnlyList<string> ExtraHosts { get; init; } = [];

    public IReadOnlyList<string> Dns { get; init; } = [];

    public string? WorkingDirectory { get; init; }

    public string? HostName { get; init; }

    public bool Init { get; init; }

    public string? StopSignal { get; init; }

    public IReadOnlyList<GpuEntry> Gpus { get; init; } = [];

    public HostControl HostControl { get; init; } = HostControl.None;

    /// <summary>Paths on the host that are mounted: checked again before each start, because links may have been changed.</summary>
    public IReadOnlyList<string> HostPaths { get; init; } = [];

    /// <summary>Values in these options that must not appear anywhere.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Whether containers share the host's network: then there is nothing to publish.</summary>
    public bool UsesHostNetwork => Networks is [{ Name: "host" }, ..];

    /// <summary>Reads what stands after <c>--</c>.</summary>
    /// <param name="arguments">The options, in the form <c>docker run</c> takes them.</param>
    /// <param name="allowUnsafe">Whether options that give power over the host are let through.</param>
    /// <param name="context">What they are read against.</param>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>, with everything that is wrong with them; no values of variables in it.</exception>
    public static ContainerRunOptions Parse(IReadOnlyList<string> arguments, bool allowUnsafe, RunOptionContext context) =>
        RunOptionParser.Parse(arguments, allowUnsafe, context);

    /// <summary>Puts the options into what a container is made from; what it says of image, ports and Dewy's labels stays.</summary>
    public void ApplyTo(CreateContainerParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        parameters.Env = [.. Environment.Select(variable => variable.ToArgument())];
        parameters.Labels = new Dictionary<string, string>(Labels, StringComparer.Ordinal);
        parameters.Volumes = AnonymousVolumes.ToDictionary(path => path, _ => default(EmptyStruct), StringComparer.Ordinal);
        parameters.User = User ?? "";
        parameters.WorkingDir = WorkingDirectory ?? "";
        parameters.Hostname = HostName ?? "";
        parameters.StopSignal = StopSignal;
        if (Entrypoint is not null)
            parameters.Entrypoint = [Entrypoint];
        parameters.HostConfig = ToHostConfig();
        if (Networks is [var own, ..] && own.Aliases.Count > 0)
            parameters.NetworkingConfig = new NetworkingConfig { EndpointsConfig = new Dictionary<string, EndpointSettings>(StringComparer.Ordinal) { [own.Name] = new() { Aliases = [.. own.Aliases] } } };
    }

    /// <summary>No values: they may be secret.</summary>
    public override string ToString() => $"{Environment.Count} variables, {Binds.Count + AnonymousVolumes.Count + Mounts.Count} volumes";

    private HostConfig ToHostConfig() => new()
    {
        Binds = [.. Binds],
        Mounts = [.. Mounts.Select(mount => mount.ToMount())],
        Tmpfs = Tmpfs.ToDictionary(StringComparer.Ordinal),
        NetworkMode = Networks is [var own, ..] ? own.Name : "",
        NanoCPUs = NanoCpus,
        Memory = MemoryBytes,
        RestartPolicy = new RestartPolicy { Name = Restart.Kind, MaximumRetryCount = Restart.Retries },
        LogConfig = new LogConfig { Type = LogDriver ?? "", Config = LogOptions.ToDictionary(StringComparer.Ordinal) },
        Ulimits = [.. Ulimits.Select(limit => new Ulimit { Name = limit.Name, Soft = limit.Soft, Hard = limit.Hard })],
        ReadonlyRootfs = ReadOnly,
        ExtraHosts = [.. ExtraHosts],
        DNS = [.. Dns],
        Init = Init ? true : null,
        DeviceRequests = [.. Gpus.Select(gpu => new DeviceRequest { Count = gpu.Count, DeviceIDs = [.. gpu.Ids], Driver = gpu.Driver ?? "", Capabilities = [[.. gpu.Capabilities]] })],
        Privileged = HostControl.Privileged,
        PidMode = HostControl.PidMode ?? "",
        IpcMode = HostControl.IpcMode ?? "",
        UTSMode = HostControl.UtsMode ?? "",
        UsernsMode = HostControl.UserNamespace ?? "",
        CgroupnsMode = HostControl.CgroupNamespace ?? "",
        CapAdd = [.. HostControl.AddedCapabilities],
        SecurityOpt = [.. HostControl.SecurityOptions],
        Devices = [.. HostControl.Devices.Select(device => new DeviceMapping { PathOnHost = device.OnHost, PathInContainer = device.InContainer, CgroupPermissions = device.Permissions })],
    };
}
