using System.Reflection;

namespace Dewy.PowerShell.Isolation;

/// <summary>
/// The only way to the engine. The first use makes its load context; nothing but types of the base class library and
/// of the contract crosses.
/// </summary>
internal static class EngineBorder
{
    private const string EntryType = "Dewy.Engine.Composition.DewyEngine";

    // A load context is a thing of the process, so its one owner is static: three runspaces share one engine's code.
    private static readonly Lazy<IDewyEngine> Loaded = new(Load);

    /// <summary>The engine of this process, loaded on first use.</summary>
    /// <exception cref="DewyException">The module's files are incomplete.</exception>
    public static IDewyEngine Engine => Loaded.Value;

    private static IDewyEngine Load()
    {
        // Empty where an assembly was loaded from bytes, which PowerShell never does with a module's.
        var moduleBin = Path.GetDirectoryName(typeof(EngineBorder).Assembly.Location) ?? "";
        var engineDirectory = Path.Combine(moduleBin, "engine");
        try
        {
            var context = new EngineLoadContext(engineDirectory, AspNetCoreFolder.For(moduleBin));
            var entry = context.LoadFromAssemblyName(new AssemblyName("Dewy.Engine")).GetType(EntryType, throwOnError: true);
            var create = entry?.GetMethod("Create", BindingFlags.Public | BindingFlags.Static, [])
                ?? throw new MissingMethodException(EntryType, "Create");
            return create.CreateDelegate<Func<IDewyEngine>>()();
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException or InvalidOperationException or TypeLoadException or MissingMethodException or ArgumentException)
        {
            throw new DewyException(ErrorCode.EngineMissing, $"Dewy's engine cannot be loaded from {engineDirectory}: {exception.Message}", exception)
            {
                Target = engineDirectory,
                NextStep = "Install the module again; its bin/engine folder is incomplete or of another version.",
            };
        }
    }
}
