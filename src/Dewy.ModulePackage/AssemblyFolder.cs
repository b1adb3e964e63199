using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Dewy.ModulePackage;

/// <summary>Managed assemblies by name, and what each refers to. Files are read, nothing is loaded.</summary>
internal sealed class AssemblyFolder
{
    private readonly Dictionary<string, string> _files;

    private AssemblyFolder(Dictionary<string, string> files) => _files = files;

    /// <summary>Simple names of the assemblies.</summary>
    public IEnumerable<string> Names => _files.Keys;

    /// <summary>The assemblies right in a folder.</summary>
    /// <exception cref="PackagingException">There is no such folder, or nothing in it.</exception>
    public static AssemblyFolder Of(string folder)
    {
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.dll") : [];
        return files.Length > 0 ? Of(files) : throw new PackagingException($"{folder} has no assemblies. Restore and build first.");
    }

    /// <summary>The given assemblies; files that are none are left out.</summary>
    public static AssemblyFolder Of(IReadOnlyList<string> files)
    {
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in files.Where(IsManaged))
            found.TryAdd(Path.GetFileNameWithoutExtension(file), file);
        return new AssemblyFolder(found);
    }

    /// <summary>The assembly's file; null where it is not here.</summary>
    public string? Find(string name) => _files.GetValueOrDefault(name);

    /// <summary>Simple names an assembly refers to.</summary>
    public static IReadOnlyList<string> ReferencesOf(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    private static bool IsManaged(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        return image.HasMetadata;
    }
}
