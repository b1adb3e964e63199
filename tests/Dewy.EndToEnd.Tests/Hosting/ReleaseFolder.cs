using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Dewy.EndToEnd.Tests.Hosting;

/// <summary>A folder registry, filled as a build would fill it: whole releases only, each with a checksum beside the artifact.</summary>
internal sealed class ReleaseFolder(string path)
{
    public const string ArtifactName = "app.tar.gz";

    public string Path => path;

    /// <summary>The registry's URL, the artifact named: what the tests publish says nothing about platforms.</summary>
    public string Url => $"file://{path}?artifact={ArtifactName}";

    public string ArtifactPath(string tag) => System.IO.Path.Combine(path, tag, ArtifactName);

    /// <summary>Publishes a release whose files all tell its tag, the first and the last ones in the archive among them.</summary>
    public void Publish(string tag, Behaviour? behaviour = null) => Publish(tag, Pack(
        ("a-version.txt", tag),
        ("app.pl", (behaviour ?? Behaviour.Good).Program),
        ("assets/filler.bin", new string('x', 300_000)),
        ("z-version.txt", tag)));

    /// <summary>Publishes whatever is given as the artifact.</summary>
    public void Publish(string tag, byte[] artifact, string name = ArtifactName, string? checksum = null)
    {
        var aside = Directory.CreateDirectory(System.IO.Path.Combine(path, $".{tag}"));
        File.WriteAllBytes(System.IO.Path.Combine(aside.FullName, name), artifact);
        File.WriteAllText(System.IO.Path.Combine(aside.FullName, $"{name}.sha256"), $"{checksum ?? Convert.ToHexStringLower(SHA256.HashData(artifact))}  {name}\n");
        aside.MoveTo(System.IO.Path.Combine(path, tag));
    }

    /// <summary>Takes a release back.</summary>
    /// <summary>Takes the whole registry away, as an outage does.</summary>
    public void Close() => Directory.Move(path, $"{path}.away");

    public void Withdraw(string tag) => Directory.Delete(System.IO.Path.Combine(path, tag), recursive: true);

    /// <summary>An archive of text files, in the order given.</summary>
    public static byte[] Pack(params (string Name, string Content)[] files) =>
        Pack([.. files.Select(file => (file.Name, Encoding.UTF8.GetBytes(file.Content)))]);

    /// <summary>An archive of files, in the order given.</summary>
    public static byte[] Pack(params IReadOnlyList<(string Name, byte[] Content)> files)
    {
        using var archive = new MemoryStream();
        using (var gzip = new GZipStream(archive, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip))
        {
            foreach (var (name, content) in files)
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content), Mode = (UnixFileMode)0b110_100_100 });
        }

        return archive.ToArray();
    }
}
