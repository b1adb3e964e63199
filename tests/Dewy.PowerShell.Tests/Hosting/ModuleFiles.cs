using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Dewy.Tests;

namespace Dewy.PowerShell.Tests.Hosting;

/// <summary>Where the built module is, and the way this assembly finds its two visible assemblies: the files PowerShell loads itself.</summary>
internal static class ModuleFiles
{
    public static string Root => Repository.Root;

    public static string Manifest => Path.Combine(Root, "Dewy.psd1");

    public static string Bin => Path.Combine(Root, "bin");

    [ModuleInitializer]
    internal static void ResolveFromModule() => AssemblyLoadContext.Default.Resolving += Resolve;

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) =>
        name.Name is "Dewy.PowerShell" or "Dewy.Abstractions" ? context.LoadFromAssemblyPath(Path.Combine(Bin, name.Name + ".dll")) : null;
}
