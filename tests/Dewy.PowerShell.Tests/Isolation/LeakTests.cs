using System.Runtime.Loader;
using Dewy.PowerShell.Isolation;
using Dewy.PowerShell.Tests.Hosting;
using Dewy.Tests;
using Xunit;

namespace Dewy.PowerShell.Tests.Isolation;

/// <summary>What importing and using the module may change for other modules: two assemblies, no more.</summary>
public sealed class LeakTests
{
    [Fact]
    public void Import_AndFirstUseOfEngine_OnlyCmdletsAndContractAreInDefaultContext()
    {
        using var session = new DewyRunspace();
        var root = Directory.CreateTempSubdirectory("dewy-test-").FullName;
        try
        {
            using var shell = session.Shell($"Get-DewyDeployment -Root '{root}' -ErrorAction SilentlyContinue");
            shell.Invoke();
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }

        var visible = AssemblyLoadContext.Default.Assemblies
            .Where(assembly => !assembly.IsDynamic && assembly.Location.StartsWith(ModuleFiles.Bin + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            .Select(assembly => assembly.GetName().Name)
            .Order(StringComparer.Ordinal);
        Assert.Equal(["Dewy.Abstractions", "Dewy.PowerShell"], visible, StringComparer.Ordinal);
        Assert.Contains(AppDomain.CurrentDomain.GetAssemblies(), assembly =>
            assembly.GetName().Name is "Dewy.Engine" && AssemblyLoadContext.GetLoadContext(assembly) is EngineLoadContext { IsCollectible: false });
    }

    [Fact]
    public void Engine_DependencyByName_ComesFromEngineFolderIntoItsContext()
    {
        var context = new EngineLoadContext(Path.Combine(ModuleFiles.Bin, "engine"), new AspNetCoreFolder([]));

        var semver = context.LoadFromAssemblyName(new System.Reflection.AssemblyName("Semver"));

        Assert.Equal(Path.Combine(ModuleFiles.Bin, "engine", "Semver.dll"), semver.Location);
        Assert.DoesNotContain(AssemblyLoadContext.Default.Assemblies, assembly => assembly.GetName().Name is "Semver");
    }

    [Fact]
    public void Engine_ContractByName_IsTheOneTheCmdletsUse()
    {
        var context = new EngineLoadContext(Path.Combine(ModuleFiles.Bin, "engine"), new AspNetCoreFolder([]));

        Assert.Same(typeof(IDewyEngine).Assembly, context.LoadFromAssemblyName(new System.Reflection.AssemblyName("Dewy.Abstractions")));
    }

    [Fact]
    public void Engine_AspNetCoreNowhere_ErrorNamesFoldersProbed()
    {
        var folder = new AspNetCoreFolder(["/nowhere/one", "/nowhere/two"]);

        var error = Assert.Throws<FileNotFoundException>(() => folder.Find("Microsoft.AspNetCore.Server.Kestrel.Core"));

        Assert.Contains("/nowhere/one", error.Message, StringComparison.Ordinal);
        Assert.Contains("/nowhere/two", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Engine_PlatformWithoutFolder_TakesWhatRunsAnywhere()
    {
        using var neutral = new TemporaryDirectory();
        var file = neutral.Combine("Microsoft.Extensions.Logging.Abstractions.dll");
        File.WriteAllText(file, "");
        var folder = new AspNetCoreFolder(["/nowhere"], neutral.Path);

        Assert.Equal(file, folder.Find("Microsoft.Extensions.Logging.Abstractions"));
        Assert.Throws<FileNotFoundException>(() => folder.Find("Microsoft.AspNetCore"));
    }

    [Fact]
    public void Engine_PlatformWithFolder_PrefersItToWhatRunsAnywhere()
    {
        using var own = new TemporaryDirectory();
        using var neutral = new TemporaryDirectory();
        foreach (var file in (string[])[own.Combine("Microsoft.AspNetCore.dll"), own.Combine("Microsoft.Extensions.Options.dll"), neutral.Combine("Microsoft.Extensions.Options.dll")])
            File.WriteAllText(file, "");

        Assert.Equal(own.Combine("Microsoft.Extensions.Options.dll"), new AspNetCoreFolder([own.Path], neutral.Path).Find("Microsoft.Extensions.Options"));
    }

    [Fact]
    public void Engine_OtherAssemblyNowhere_IsLeftToOthers() => Assert.Null(new AspNetCoreFolder(["/nowhere"]).Find("Some.Other"));

    [Fact]
    public void TestDirectory_HasNoCopyOfTheModule() =>
        Assert.Empty(Directory.GetFiles(AppContext.BaseDirectory, "Dewy.*.dll").Select(Path.GetFileName).Except(["Dewy.PowerShell.Tests.dll"], StringComparer.Ordinal));
}
