using System.Text.RegularExpressions;

namespace Dewy.Engine.Containers.RunOptions.Values;

/// <summary>Reads <c>[source:]target[:mode]</c>; relative sources begin with a dot and start from the root.</summary>
internal static partial class VolumeReader
{
    private static readonly string[][] Modes =
    [
        ["ro", "rw"], ["z", "Z"], ["nocopy"],
        ["shared", "rshared", "slave", "rslave", "private", "rprivate"],
        ["consistent", "cached", "delegated"],
    ];

    public static VolumeEntry Read(string text, string baseDirectory)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = Split(text);
        return parts switch
        {
            [var target] => new VolumeEntry(Source: null, Target(target), Mode: null, IsHostPath: false),
            [_, var mode] when IsMode(mode) => throw new FormatException("a volume without a source takes no mode"),
            [var source, var target] => With(source, target, mode: null, baseDirectory),
            [var source, var target, var mode] => With(source, target, Mode(mode), baseDirectory),
            _ => throw new FormatException("write it as source:target[:mode]"),
        };
    }

    /// <summary>The absolute path of a source on the host; null where it is a volume's name.</summary>
    public static string? HostPath(string source, string baseDirectory)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source is "." or ".." || source.StartsWith("./", StringComparison.Ordinal) || source.StartsWith("../", StringComparison.Ordinal))
            return Path.GetFullPath(source, baseDirectory);
        return source.StartsWith('/') || (OperatingSystem.IsWindows() && Path.IsPathFullyQualified(source)) ? source : null;
    }

    /// <summary>A path in the container that something may be mounted on.</summary>
    public static string Target(string text)
    {
        var path = WordReader.ContainerPath(text);
        return path.Trim('/').Length > 0 && path.TrimEnd('/') is not "/." ? path : throw new FormatException("nothing can be mounted on the container's whole file system");
    }

    private static VolumeEntry With(string source, string target, string? mode, string baseDirectory)
    {
        if (HostPath(source, baseDirectory) is { } path)
        {
            return mode?.Split(',').Contains("nocopy", StringComparer.Ordinal) is true
                ? throw new FormatException("nocopy is for volumes, not for paths on the host")
                : new VolumeEntry(path, Target(target), mode, IsHostPath: true);
        }

        return VolumeName().IsMatch(source)
            ? new VolumeEntry(source, Target(target), mode, IsHostPath: false)
            : throw new FormatException($"'{source}' is neither the name of a volume (letters, digits, _ . -) nor a path that begins with / or ./");
    }

    private static string Mode(string text) =>
        IsMode(text)
            ? text
            : throw new FormatException($"'{text}' is no mode; write some of {string.Join(", ", Modes.SelectMany(kind => kind))}, at most one of a kind");

    private static bool IsMode(string text)
    {
        var words = text.Split(',');
        return words.All(word => Modes.Any(kind => kind.Contains(word, StringComparer.Ordinal)))
            && Modes.All(kind => words.Count(word => kind.Contains(word, StringComparer.Ordinal)) <= 1);
    }

    // C:\data:/data has a colon that separates nothing.
    private static string[] Split(string text)
    {
        var parts = text.Split(':');
        return OperatingSystem.IsWindows() && parts.Length > 1 && parts[0].Length == 1 && char.IsAsciiLetter(parts[0][0]) && parts[1].StartsWith('\\')
            ? [$"{parts[0]}:{parts[1]}", .. parts[2..]]
            : parts;
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_.-]+\z", RegexOptions.NonBacktracking)]
    private static partial Regex VolumeName();
}
