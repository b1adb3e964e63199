using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Dewy.Benchmarks;

/// <summary>
/// Makes a <c>.tar.gz</c> like a real release: many small text files, libraries, a few large binaries, some content that
/// does not compress. Programs are cut from the class library's own assemblies; everything is the same on every run.
/// </summary>
internal sealed class ArtifactSample(long size)
{
    private const int MaxLibrary = 4 << 20;
    private const int ImageSize = 200_000;

    private readonly Random _random = new(1);
    private readonly byte[] _code = LoadCode();

    public async Task CreateAsync(string path)
    {
        await using var file = File.Create(path);
        await using var compressed = new GZipStream(file, CompressionLevel.Optimal);
        await using var tar = new TarWriter(compressed);
        await AddAsync(tar, "app/node_modules", 0.20, ".js", () => Text(_random.Next(500, 12_000)));
        await AddAsync(tar, "app/lib", 0.40, ".dll", () => Code(_random.Next(10_000, MaxLibrary)));
        await AddAsync(tar, "app/images", 0.08, ".webp", Noise);
        await AddAsync(tar, "app/bin", 0.32, "", () => Code((int)Math.Clamp(size / 10, 1 << 20, 100 << 20)));
    }

    private async Task AddAsync(TarWriter tar, string directory, double share, string ending, Func<byte[]> make)
    {
        var left = (long)(size * share);
        for (var i = 0; left > 0; i++)
        {
            var content = make();
            var entry = new PaxTarEntry(TarEntryType.RegularFile, $"{directory}/{i / 50:d3}/file-{i % 50:d2}{ending}")
            {
                DataStream = new MemoryStream(content),
                Mode = (UnixFileMode)(ending.Length == 0 ? 0b111_101_101 : 0b110_100_100),
                ModificationTime = DateTimeOffset.UnixEpoch.AddDays(20_000).AddSeconds(i),
            };
            await tar.WriteEntryAsync(entry);
            left -= content.Length;
        }
    }

    private byte[] Text(int length)
    {
        string[] words = ["const", "function", "return", "await", "module.exports", "import", "from", "if", "else", "=>", "(value)", "options", "this", "null", "undefined", "throw new Error", "===", "Promise", "async", "{", "}", ";\n", "\n  "];
        var text = new StringBuilder();
        while (text.Length < length)
            text.Append(words[_random.Next(words.Length)]).Append(_random.Next(4) == 0 ? $"_{_random.Next(10_000)}" : "").Append(' ');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private byte[] Code(int length)
    {
        const int Block = 48 << 10; // beyond gzip's window, so that no repetition shows
        var content = new byte[length];
        for (var at = 0; at < length; at += Block)
        {
            var count = Math.Min(Block, length - at);
            _code.AsSpan(_random.Next(_code.Length - count), count).CopyTo(content.AsSpan(at));
        }

        return content;
    }

    private byte[] Noise()
    {
        var content = new byte[ImageSize];
        _random.NextBytes(content);
        return content;
    }

    private static byte[] LoadCode()
    {
        var directory = Path.GetDirectoryName(typeof(object).Assembly.Location) ?? AppContext.BaseDirectory;
        var code = new MemoryStream();
        foreach (var file in Directory.EnumerateFiles(directory, "*.dll").Order(StringComparer.Ordinal))
            code.Write(File.ReadAllBytes(file));
        return code.ToArray();
    }
}
