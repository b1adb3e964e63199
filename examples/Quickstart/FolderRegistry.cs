using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Dewy.Quickstart;

/// <summary>Publishes releases as a build would: an archive and its checksum in <c>&lt;registry&gt;/&lt;version&gt;/</c>.</summary>
/// <param name="path">The registry's folder.</param>
/// <param name="program">What is released.</param>
internal sealed class FolderRegistry(string path, WebProgram program)
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
        {
            program.Pack(gzip, version);
        }

        using (var content = File.OpenRead(archive))
            File.WriteAllText($"{archive}.sha256", $"{Convert.ToHexStringLower(SHA256.HashData(content))}  {name}\n");
        aside.MoveTo(System.IO.Path.Combine(Path, version));
    }
}
