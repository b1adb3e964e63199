using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Dewy.PowerShell.Tests.Hosting;
using Xunit;

namespace Dewy.PowerShell.Tests.Isolation;

/// <summary>Who may reference whom, read from the files as built.</summary>
public sealed class BorderTests
{
    [Fact]
    public void Abstractions_ReferenceNothingButTheBaseClassLibrary() =>
        Assert.All(ReferencesOf("Dewy.Abstractions.dll"), AssertBaseClassLibrary);

    [Fact]
    public void PowerShell_ReferencesOnlyContractAndPowerShell() =>
        Assert.All(
            ReferencesOf("Dewy.PowerShell.dll").Except(["Dewy.Abstractions", "System.Management.Automation"], StringComparer.Ordinal),
            AssertBaseClassLibrary);

    [Fact]
    public void Engine_KnowsNoPowerShell() =>
        Assert.DoesNotContain(
            ReferencesOf("engine/Dewy.Engine.dll"),
            name => name is "System.Management.Automation" or "Dewy.PowerShell" || name.StartsWith("Microsoft.PowerShell", StringComparison.Ordinal));

    [Fact]
    public void EngineFolder_HasNoSecondContract() => Assert.False(File.Exists(Path.Combine(ModuleFiles.Bin, "engine", "Dewy.Abstractions.dll")));

    private static void AssertBaseClassLibrary(string name)
    {
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location) ?? "";
        Assert.True(File.Exists(Path.Combine(runtime, name + ".dll")), $"{name} is not part of the base class library.");
    }

    private static string[] ReferencesOf(string file)
    {
        using var image = new PEReader(File.OpenRead(Path.Combine(ModuleFiles.Bin, file)));
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
