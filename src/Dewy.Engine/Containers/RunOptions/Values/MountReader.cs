using System.Globalization;

namespace Dewy.Engine.Containers.RunOptions.Values;

/// <summary>Reads <c>type=bind,source=/path,target=/path,readonly</c>.</summary>
internal static class MountReader
{
    private static readonly string[] Types = ["bind", "volume", "tmpfs"];
    private static readonly string[] Propagations = ["private", "rprivate", "shared", "rshared", "slave", "rslave"];
    private static readonly string[] Consistencies = ["consistent", "cached", "delegated", "default"];

    public static MountEntry Read(string text, string baseDirectory)
    {
        var mount = new MountEntry();
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in KeyValueText.Split(text))
        {
            keys.Add(key.Split('-')[0]);
            mount = Set(mount, key, value, options, labels);
        }

        return Check(mount with { VolumeOptions = options, VolumeLabels = labels }, keys, baseDirectory);
    }

    /// <summary>The path on the host that is mounted, also where a volume's options name it; null where there is none.</summary>
    public static string? HostPath(MountEntry mount)
    {
        ArgumentNullException.ThrowIfNull(mount);
        if (mount.Type is "bind")
            return mount.Source;
        return mount.VolumeDriver is null or "local" && mount.VolumeOptions.TryGetValue("device", out var device) && device.StartsWith('/') ? device : null;
    }

    private static MountEntry Set(MountEntry mount, string key, string? value, Dictionary<string, string> options, Dictionary<string, string> labels)
    {
        switch (key)
        {
            case "readonly" or "ro": return mount with { ReadOnly = WordReader.Switch(value) };
            case "volume-nocopy": return mount with { NoCopy = WordReader.Switch(value) };
            case "bind-nonrecursive": return mount with { NonRecursive = WordReader.Switch(value) };
        }

        if (value is null)
            throw new FormatException($"{key} needs a value");
        switch (key)
        {
            case "type": return mount with { Type = OneOf(key, value.ToLowerInvariant(), Types) };
            case "source" or "src": return mount with { Source = value };
            case "target" or "dst" or "destination": return mount with { Target = VolumeReader.Target(value) };
            case "consistency": return mount with { Consistency = OneOf(key, value.ToLowerInvariant(), Consistencies) };
            case "bind-propagation": return mount with { Propagation = OneOf(key, value.ToLowerInvariant(), Propagations) };
            case "volume-driver": return mount with { VolumeDriver = value };
            case "volume-opt": Add(options, key, value); return mount;
            case "volume-label": Add(labels, key, value); return mount;
            case "tmpfs-size": return mount with { TmpfsSize = ResourceReader.Size(value) };
            case "tmpfs-mode": return mount with { TmpfsMode = Mode(value) };
            default: throw new FormatException($"'{key}' is none of its keys: type, source, target, readonly, consistency, bind-propagation, bind-nonrecursive, volume-driver, volume-opt, volume-label, volume-nocopy, tmpfs-size, tmpfs-mode");
        }
    }

    private static MountEntry Check(MountEntry mount, HashSet<string> keys, string baseDirectory)
    {
        if (mount.Target.Length == 0)
            throw new FormatException("it needs a target");
        if (Types.FirstOrDefault(type => type != mount.Type && keys.Contains(type)) is { } other)
            throw new FormatException($"options of {other} do not go with type={mount.Type}");
        switch (mount)
        {
            case { Type: "bind", Source: null or "" }:
                throw new FormatException("type=bind needs a source");
            case { Type: "tmpfs", Source: { Length: > 0 } }:
                throw new FormatException("type=tmpfs has no source");
            case { Type: "volume", Source: [var first, ..] } when first is '/' or '.':
                throw new FormatException("a path on the host needs type=bind");
            case { Type: "volume" } when HostPath(mount) is { } device && device.StartsWith("/dev/", StringComparison.Ordinal):
                throw new FormatException("devices of the host are not mounted");
            case { Type: "bind", Source: { } source }:
                return mount with { Source = Path.GetFullPath(source, baseDirectory) };
            default:
                return mount with { Source = mount.Source is "" ? null : mount.Source };
        }
    }

    private static void Add(Dictionary<string, string> pairs, string key, string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
            throw new FormatException($"write {key}=<name>=<value>");
        pairs[text[..equals]] = text[(equals + 1)..];
    }

    private static uint Mode(string text)
    {
        var mode = text.Length is > 0 and <= 5 && text.All(c => c is >= '0' and <= '7') ? Convert.ToUInt32(text, 8) : uint.MaxValue;
        return mode <= 0xFFF ? mode : throw new FormatException($"'{text.ToString(CultureInfo.InvariantCulture)}' is no mode such as 1770");
    }

    private static string OneOf(string key, string value, string[] valid) =>
        valid.Contains(value, StringComparer.Ordinal) ? value : throw new FormatException($"{key} '{value}' is none of {string.Join(", ", valid)}");
}
