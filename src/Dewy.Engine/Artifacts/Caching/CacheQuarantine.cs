using System.Globalization;

namespace Dewy.Engine.Artifacts.Caching;

/// <summary>Files that did not verify, kept for inspection and never deployed: the newest five, and no more bytes than the cache may have.</summary>
internal sealed class CacheQuarantine(string cacheDirectory, long maxSize, TimeProvider timeProvider)
{
    private const int MaxFiles = 5;
    private const string ReasonSuffix = ".reason.txt";

    private readonly string _directory = Path.Combine(cacheDirectory, "quarantine");

    /// <summary>Moves a file aside, says why beside it, and returns where it is.</summary>
    public string SetAside(string path, string name, string reason)
    {
        Directory.CreateDirectory(_directory);
        var now = timeProvider.GetUtcNow();
        var target = FreePath($"{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture)}-{name}");
        File.Move(path, target);
        File.WriteAllText(target + ReasonSuffix, $"{reason}{Environment.NewLine}Set aside at {now:O}.{Environment.NewLine}");
        Trim(target);
        return target;
    }

    private string FreePath(string name)
    {
        var path = Path.Combine(_directory, name);
        for (var i = 2; File.Exists(path); i++)
            path = Path.Combine(_directory, $"{name}-{i}");
        return path;
    }

    private void Trim(string newest)
    {
        var kept = 0;
        long bytes = 0;
        var files = new DirectoryInfo(_directory).EnumerateFiles()
            .Where(file => !file.Name.EndsWith(ReasonSuffix, StringComparison.Ordinal))
            .OrderByDescending(file => string.Equals(file.FullName, newest, StringComparison.Ordinal))
            .ThenByDescending(file => file.Name, StringComparer.Ordinal)
            .ToList();
        foreach (var file in files)
        {
            kept++;
            bytes += file.Length;
            if (kept == 1 || (kept <= MaxFiles && bytes <= maxSize))
                continue;
            file.Delete();
            File.Delete(file.FullName + ReasonSuffix);
        }
    }
}
