using System.Security.Cryptography;

namespace Dewy.Engine.Tests.Artifacts.Extraction;

/// <summary>A small tree with everything a release may have, and a way to tell two trees apart.</summary>
internal static class SampleTree
{
    /// <summary>Makes the tree below <c>app/</c>. Times are whole even seconds, which every format can hold.</summary>
    public static void Create(string directory, bool hardLinks = true)
    {
        var app = Path.Combine(directory, "app");
        Directory.CreateDirectory(Path.Combine(app, "bin"));
        Directory.CreateDirectory(Path.Combine(app, "empty"));
        Directory.CreateDirectory(Path.Combine(app, "read-only"));
        Directory.CreateDirectory(Path.Combine(app, "deep", "er"));
        File.WriteAllText(Path.Combine(app, "bin", "run"), "#!/bin/sh\nexit 0\n");
        File.WriteAllBytes(Path.Combine(app, "big.bin"), Content(3_000_001));
        File.WriteAllText(Path.Combine(app, "secret"), "for the owner");
        File.WriteAllText(Path.Combine(app, "read-only", "file"), "x");
        File.WriteAllText(Path.Combine(app, "zero"), "");
        File.WriteAllText(Path.Combine(app, "deep", "er", "Grüße 世界.txt"), "unicode");
        File.WriteAllText(Path.Combine(app, "deep", new string('n', 120) + ".txt"), "long name");
        File.CreateSymbolicLink(Path.Combine(app, "link"), "bin/run");
        File.CreateSymbolicLink(Path.Combine(app, "deep", "er", "up"), "../../secret");
        Directory.CreateSymbolicLink(Path.Combine(app, "dir-link"), "deep");
        File.CreateSymbolicLink(Path.Combine(app, "dangling"), "not-there");
        if (hardLinks)
            Engine.Artifacts.Extraction.HardLink.Create(Path.Combine(app, "big.bin"), Path.Combine(app, "same.bin"));
        if (OperatingSystem.IsWindows())
            return;
        File.SetUnixFileMode(Path.Combine(app, "bin", "run"), (UnixFileMode)Convert.ToInt32("0755", 8));
        File.SetUnixFileMode(Path.Combine(app, "secret"), (UnixFileMode)Convert.ToInt32("0600", 8));
        File.SetUnixFileMode(Path.Combine(app, "zero"), (UnixFileMode)Convert.ToInt32("0666", 8));
        File.SetUnixFileMode(Path.Combine(app, "empty"), (UnixFileMode)Convert.ToInt32("0777", 8));
        var seconds = 0;
        foreach (var path in Directory.EnumerateFileSystemEntries(app, "*", SearchOption.AllDirectories).Append(app).OrderByDescending(path => path, StringComparer.Ordinal))
            File.SetLastWriteTimeUtc(path, new DateTime(2021, 5, 6, 7, 8, 0, DateTimeKind.Utc).AddSeconds(seconds += 2));
        File.SetUnixFileMode(Path.Combine(app, "read-only"), (UnixFileMode)Convert.ToInt32("0555", 8));
    }

    /// <summary>Bytes that neither repeat nor vanish when compressed, the same on every run.</summary>
    public static byte[] Content(int length, int seed = 1)
    {
        var content = new byte[length];
        new Random(seed).NextBytes(content.AsSpan(0, length / 2));
        for (var i = length / 2; i < length; i++)
            content[i] = (byte)(i / 1000);
        return content;
    }

    /// <summary>One line an entry: kind, mode, time, size, links, target, content.</summary>
    public static async Task<IReadOnlyList<string>> DescribeAsync(string directory)
    {
        var listing = await Tool.RunAsync(directory, @"find . -mindepth 1 \( -type d -printf '%P\t%y\t%m\t%T@\n' \) -o -printf '%P\t%y\t%m\t%T@\t%s\t%n\t%l\n' | LC_ALL=C sort", "find");
        return
        [
            .. listing.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
            {
                var path = Path.Combine(directory, line.Split('\t')[0]);
                return line.Split('\t')[1] is "f" ? $"{line}\t{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))}" : line;
            }),
        ];
    }
}
