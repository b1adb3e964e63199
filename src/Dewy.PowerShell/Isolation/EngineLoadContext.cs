using System.Reflection;
using System.Runtime.Loader;

namespace Dewy.PowerShell.Isolation;

/// <summary>
/// Where the engine and everything it depends on live, apart from what PowerShell and other modules load.
/// Not collectible: the runtime does not run collectible code any faster to unload, and Kestrel and gRPC keep threads.
/// </summary>
internal sealed class EngineLoadContext : AssemblyLoadContext
{
    private readonly string _engineDirectory;
    private readonly AssemblyDependencyResolver _resolver;
    private readonly AspNetCoreFolder _aspNetCore;

    public EngineLoadContext(string engineDirectory, AspNetCoreFolder aspNetCore)
        : base("Dewy.Engine", isCollectible: false)
    {
        _engineDirectory = engineDirectory;
        _resolver = new AssemblyDependencyResolver(Path.Combine(engineDirectory, "Dewy.Engine.dll"));
        _aspNetCore = aspNetCore;
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // The contract must be one and the same on both sides of the border, or no cast succeeds.
        var contract = typeof(IDewyEngine).Assembly;
        if (assemblyName.Name is not { Length: > 0 } name || name is "System.Management.Automation")
            return null;
        if (string.Equals(name, contract.GetName().Name, StringComparison.Ordinal))
            return contract;
        if (_resolver.ResolveAssemblyToPath(assemblyName) is { } resolved)
            return LoadFromAssemblyPath(resolved);
        var beside = Path.Combine(_engineDirectory, name + ".dll");
        if (File.Exists(beside))
            return LoadFromAssemblyPath(beside);
        return _aspNetCore.Find(name) is { } aspNetCore ? LoadFromAssemblyPath(aspNetCore) : null;
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : nint.Zero;
}
