using System.Text.Json;
using Dewy.Engine.Containers.RunOptions.Values;

namespace Dewy.Engine.Containers.RunOptions;

/// <summary>Collects the options that <c>--allow-unsafe</c> lets through. Their values are the engine's to judge.</summary>
internal sealed class HostControlBuilder(string baseDirectory)
{
    private const int LargestProfileBytes = 1 << 20;

    private readonly List<string> _capabilities = [];
    private readonly List<string> _security = [];
    private readonly List<DeviceEntry> _devices = [];
    private HostControl _control = HostControl.None;

    public void Add(RunOptionWord word)
    {
        ArgumentNullException.ThrowIfNull(word);
        if (word.Definition.TakesValue && string.IsNullOrWhiteSpace(word.Value))
            throw new FormatException("it needs a value");
        var value = word.Value ?? "";
        switch (word.Definition.Name)
        {
            case "privileged": _control = _control with { Privileged = WordReader.Switch(word.Value) }; break;
            case "pid": _control = _control with { PidMode = value }; break;
            case "ipc": _control = _control with { IpcMode = value }; break;
            case "uts": _control = _control with { UtsMode = value }; break;
            case "userns": _control = _control with { UserNamespace = value }; break;
            case "cgroupns": _control = _control with { CgroupNamespace = value }; break;
            case "cap-add": _capabilities.Add(value); break;
            case "security-opt": _security.Add(Security(value)); break;
            case "device": _devices.Add(Device(value)); break;
            default: throw new InvalidOperationException($"{word.Definition.Name} has no reader.");
        }
    }

    public HostControl Build() => _control with { AddedCapabilities = _capabilities, SecurityOptions = _security, Devices = _devices };

    /// <summary>Engines take a seccomp profile itself, not a path to one.</summary>
    private string Security(string value)
    {
        const string seccomp = "seccomp=";
        if (!value.StartsWith(seccomp, StringComparison.Ordinal) || value[seccomp.Length..] is "unconfined" or "builtin")
            return value;
        var path = Path.GetFullPath(value[seccomp.Length..], baseDirectory);
        try
        {
            if (new FileInfo(path).Length > LargestProfileBytes)
                throw new FormatException($"the profile {path} has more than {LargestProfileBytes >> 20} MiB");
            using var profile = JsonDocument.Parse(File.ReadAllBytes(path));
            return seccomp + JsonSerializer.Serialize(profile.RootElement);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new FormatException($"the profile {path} cannot be read: {exception.Message}", exception);
        }
    }

    private static DeviceEntry Device(string value)
    {
        var parts = value.Split(':');
        var (inside, permissions) = parts switch
        {
            [var host] => (host, "rwm"),
            [var host, var second] when !second.StartsWith('/') => (host, second),
            [_, var second] => (second, "rwm"),
            [_, var second, var third] => (second, third),
            _ => throw new FormatException("write it as /dev/name[:/dev/name[:rwm]]"),
        };
        return permissions.Length > 0 && permissions.All(c => c is 'r' or 'w' or 'm')
            ? new DeviceEntry(parts[0], inside, permissions)
            : throw new FormatException($"'{permissions}' are no permissions; write some of r, w and m");
    }
}
