namespace Dewy.Engine.Containers.RunOptions.Values;

/// <summary>Reads <c>/path[:options]</c>, the options being those of <c>mount -t tmpfs</c> that engines let through.</summary>
internal static class TmpfsReader
{
    private static readonly string[] Flags =
    [
        "rw", "ro", "exec", "noexec", "suid", "nosuid", "dev", "nodev", "sync", "async", "dirsync", "mand", "nomand", "atime", "noatime",
        "diratime", "nodiratime", "relatime", "norelatime", "strictatime", "nostrictatime", "bind", "rbind", "private", "rprivate",
        "shared", "rshared", "slave", "rslave", "unbindable", "runbindable", "remount", "defaults",
    ];

    private static readonly string[] Keys = ["size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol"];

    public static void Read(string text, Dictionary<string, string> into)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(into);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var target = VolumeReader.Target(colon < 0 ? text : text[..colon]);
        var options = colon < 0 ? "" : text[(colon + 1)..];
        foreach (var option in options.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = option.Split('=', 2);
            if (!(parts.Length == 1 ? Flags : Keys).Contains(parts[0], StringComparer.Ordinal))
                throw new FormatException($"'{parts[0]}' is no option of a tmpfs; size=64m, mode=1777, noexec and the like are");
            if (parts[0] is "size" && !parts[1].EndsWith('%'))
                _ = ResourceReader.Size(parts[1]);
        }

        into[target] = options;
    }
}
