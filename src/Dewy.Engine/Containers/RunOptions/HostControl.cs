namespace Dewy.Engine.Containers.RunOptions;

/// <summary>Options that give a container power over its host; only with <c>--allow-unsafe</c>.</summary>
internal sealed record HostControl
{
    public static HostControl None { get; } = new();

    public bool Privileged { get; init; }

    public string? PidMode { get; init; }

    public string? IpcMode { get; init; }

    public string? UtsMode { get; init; }

    public string? UserNamespace { get; init; }

    public string? CgroupNamespace { get; init; }

    public IReadOnlyList<string> AddedCapabilities { get; init; } = [];

    public IReadOnlyList<string> SecurityOptions { get; init; } = [];

    public IReadOnlyList<DeviceEntry> Devices { get; init; } = [];
}
