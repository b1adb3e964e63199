using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Dewy.PowerShell.Tests.Hosting;

/// <summary>Where the built module is, and the way this assembly finds its two visible assemblies: the files PowerShell loads itself.</summary>
internal static class ModuleFiles
{
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public static string Manifest => Path.Combine(Root, "Dewy.psd1");

    public static string Bin => Path.Combine(Root, "bin");

    [ModuleInitializer]
    internal static void ResolveFromModule() => AssemblyLoadContext.Default.Resolving += Resolve;

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) =>
        name.Name is "Dewy.PowerShell" or "Dewy.Abstractions" ? context.LoadFromAssemblyPath(Path.Combine(Bin, name.Name + ".dll")) : null;

    private static string FindRoot(string directory) =>
        File.Exists(Path.Combine(directory, "Dewy.psd1"))
            ? directory
            : FindRoot(Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("Dewy.psd1 is not above the test's directory."));
}
