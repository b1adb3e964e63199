using System.IO.Compression;

namespace Dewy.ModulePackage;

/// <summary>Which file goes where in the module's folder, and the limits that hosts set for it.</summary>
internal sealed class ModuleLayout(string folder)
{
    /// <summary>Azure Automation takes no larger module.</summary>
    private const long LargestZip = 100_000_000;

    /// <summary>Azure Automation takes paths shorter than this, counted from the zip's top.</summary>
    private const int PathLimit = 140;

    /// <summary>The module's name, its folder in a zip: Azure Automation wants it there, without a version.</summary>
    private const string ModuleName = "Dewy";

    /// <summary>The zip's content is the same for the same input, so its times are too.</summary>
    private static readonly DateTimeOffset EntryTime = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SortedDictionary<string, string> _files = new(StringComparer.Ordinal);

    public string Folder => folder;

    public int Files => _files.Count;

    /// <summary>Length of the longest path in the versioned folder, which is longer than in the zip.</summary>
    public int LongestPath { get; private set; }

    public void Add(string source, string destination) => _files[destination.Replace('\\', '/')] = source;

    /// <summary>Refuses what hosts would refuse later.</summary>
    public void Check(string version)
    {
        var longest = _files.Keys.MaxBy(path => path.Length) ?? throw new PackagingException("There is nothing to package.");
        var installed = $"{ModuleName}/{version}/{longest}";
        LongestPath = installed.Length;
        if (installed.Length >= PathLimit)
            throw new PackagingException($"{installed} has {installed.Length} characters; paths must have fewer than {PathLimit}.");
    }

    /// <summary>Makes the folder anew.</summary>
    public void Write()
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        foreach (var (destination, source) in _files)
        {
            var target = Path.Combine(folder, destination);
            Directory.CreateDirectory(Path.GetDirectoryName(target) ?? folder);
            File.Copy(source, target);
        }
    }

    /// <summary>Makes the zip anew and checks its size.</summary>
    /// <returns>Its size in bytes.</returns>
    public long Zip(string path)
    {
        using (var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create))
        {
            foreach (var (destination, source) in _files)
            {
                var entry = zip.CreateEntry($"{ModuleName}/{destination}", CompressionLevel.Optimal);
                entry.LastWriteTime = EntryTime;
                using var target = entry.Open();
                using var content = File.OpenRead(source);
                content.CopyTo(target);
            }
        }

        var size = new FileInfo(path).Length;
        return size < LargestZip ? size : throw new PackagingException($"{path} has {size / 1e6:0.0} MB; a module must have less than {LargestZip / 1e6:0} MB.");
    }

    /// <summary>How large each folder of ASP.NET Core assemblies is, in bytes.</summary>
    public IEnumerable<(string Runtime, long Size)> SizeByRuntime() => _files
        .Select(pair => (Parts: pair.Key.Split('/'), Source: pair.Value))
        .Where(file => file.Parts is ["bin", "aspnetcore", ..])
        .GroupBy(file => file.Parts[2], file => new FileInfo(file.Source).Length, StringComparer.Ordinal)
        .Select(group => (group.Key, group.Sum()));
}
