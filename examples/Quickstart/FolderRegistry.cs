using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Dewy.Quickstart;

/// <summary>Publishes releases as a build would: an archive and its checksum in <c>&lt;registry&gt;/&lt;version&gt;/</c>.</summary>
/// <param name="path">The registry's folder.</param>
/// <param name="program">The folder with the built program.</param>
internal sealed class FolderRegistry(string path, string program)
{
    public string Path { get; } = path;

    public void Release(string version)
    {
        // Built aside and renamed, so that nobody sees half a release.
        var aside = Directory.CreateDirectory(System.IO.Path.Combine(Path, $".{version}"));
        var system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        var name = $"web_{system}_{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}.tar.gz";
        var archive = System.IO.Path.Combine(aside.FullName, name);
        using (var file = File.Create(archive))
        using (var gzip = new GZipStream(file, CompressionLevel.Fastest))
        using (var tar = new TarWriter(gzip))
        {
            foreach (var source in Directory.EnumerateFiles(program))
                tar.WriteEntry(source, System.IO.Path.GetFileName(source));
            using var content = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(version));
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "version.txt") { DataStream = content });
        }

        using (var content = File.OpenRead(archive))
            File.WriteAllText($"{archive}.sha256", $"{Convert.ToHexStringLower(SHA256.HashData(content))}  {name}\n");
        aside.MoveTo(System.IO.Path.Combine(Path, version));
    }
}
