using System.Collections;
using System.Management.Automation;
using System.Reflection;
using Dewy.PowerShell.Commands;
using Dewy.PowerShell.Isolation;
using Dewy.PowerShell.Tests.Hosting;
using Xunit;

namespace Dewy.PowerShell.Tests.Module;

/// <summary>Parameters are the engine's options, no more and no fewer. The engine's table is read by reflection: it lives beyond the border.</summary>
public sealed class ParameterTests
{
    /// <summary>What a session has other means for: streams instead of a log, scripts instead of a file of options.</summary>
    private static readonly string[] OfTheCommandLineOnly = ["log-level", "log-format", "log-file"];

    [Fact]
    public void StartDewyAgent_EveryFlagOfTheEngine_IsAParameter()
    {
        var parameters = OptionsOf(typeof(Dewy.PowerShell.Cmdlets.StartDewyAgentCommand)).Append("mode").Append("root").Append("config");

        var flags = Catalog().Where(option => option.IsFlag || option.Name is "command" or "mode").Select(option => option.Name).Except(OfTheCommandLineOnly, StringComparer.Ordinal);

        Assert.Empty(flags.Except(parameters, StringComparer.Ordinal));
    }

    [Fact]
    public void EveryCmdlet_EveryOption_IsOneTheEngineKnows()
    {
        var known = Catalog().Select(option => option.Name).ToHashSet(StringComparer.Ordinal);
        var cmdlets = typeof(DewyCommand).Assembly.GetExportedTypes().Where(type => type.IsDefined(typeof(CmdletAttribute)));

        Assert.All(cmdlets.SelectMany(OptionsOf), option => Assert.Contains(option, known));
    }

    [Fact]
    public void EveryParameter_Name_IsTheFlagInPascalCaseWithSecForSeconds()
    {
        var flags = Catalog().Where(option => option.IsFlag).Select(option => option.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var property in typeof(Dewy.PowerShell.Cmdlets.StartDewyAgentCommand).GetProperties())
        {
            if (property.GetCustomAttribute<DewyOptionAttribute>() is not { } option || !flags.Contains(option.Name))
                continue;
            var pascal = string.Concat(option.Name.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
            Assert.Equal(option.Form == OptionForm.Seconds ? pascal + "Sec" : pascal, property.Name);
        }
    }

    [Fact]
    public void StartDewyAgent_EveryChoiceOfTheEngine_IsAllowed()
    {
        var choices = Catalog().ToDictionary(option => option.Name, option => option.Choices, StringComparer.Ordinal);
        foreach (var property in typeof(Dewy.PowerShell.Cmdlets.StartDewyAgentCommand).GetProperties())
        {
            if (property.GetCustomAttribute<DewyOptionAttribute>() is not { } option || choices[option.Name].Length == 0)
                continue;
            var allowed = property.GetCustomAttribute<ValidateSetAttribute>()?.ValidValues ?? [];
            Assert.Equal(choices[option.Name].Order(StringComparer.OrdinalIgnoreCase), allowed.Order(StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase);
        }
    }

    /// <summary>A program's parameters go with no container's, and those of files not with containers: as the engine has it.</summary>
    [Theory]
    [InlineData(typeof(Dewy.PowerShell.Cmdlets.StartDewyAgentCommand))]
    [InlineData(typeof(Dewy.PowerShell.Cmdlets.InvokeDewyDeployCommand))]
    [InlineData(typeof(Dewy.PowerShell.Cmdlets.TestDewyConfigurationCommand))]
    public void EveryOption_ParameterSets_AreThoseOfItsModes(Type cmdlet)
    {
        var modes = Catalog().ToDictionary(option => option.Name, option => option.Modes, StringComparer.Ordinal);
        var options = cmdlet.GetProperties().Where(property => property.GetCustomAttribute<DewyOptionAttribute>() is not null || property.Name is "Root" or "Mode").ToList();

        Assert.NotEmpty(options);
        Assert.All(options, property =>
        {
            var name = property.GetCustomAttribute<DewyOptionAttribute>()?.Name ?? property.Name.ToLowerInvariant();
            var sets = property.GetCustomAttributes<ParameterAttribute>(inherit: false).Select(parameter => parameter.ParameterSetName);
            Assert.True(SetsOf(name, modes[name]).SetEquals(sets), $"-{property.Name} is in {string.Join(", ", sets)}; {name} means something in {string.Join(", ", modes[name])}");
        });
    }

    private static HashSet<string> SetsOf(string option, IReadOnlyList<string> modes)
    {
        var sets = new HashSet<string>(StringComparer.Ordinal);
        if (modes.Contains("Server", StringComparer.Ordinal))
            sets.Add(ParameterSets.Server);
        if (modes.Contains("Container", StringComparer.Ordinal))
            sets.Add(ParameterSets.Container);
        if (modes.Count > 1 || option is "command")
            sets.Add(ParameterSets.Any);
        return sets;
    }

    private static IEnumerable<string> OptionsOf(Type cmdlet) =>
        cmdlet.GetProperties().Select(property => property.GetCustomAttribute<DewyOptionAttribute>()?.Name).OfType<string>();

    private static (string Name, bool IsFlag, string[] Choices, IReadOnlyList<string> Modes)[] Catalog()
    {
        using var session = new DewyRunspace(); // brings the module's files in before the engine is asked for
        var catalog = EngineBorder.Engine.GetType().Assembly.GetType("Dewy.Engine.Composition.OptionCatalog", throwOnError: true);
        var all = Assert.IsAssignableFrom<IEnumerable>(catalog?.GetProperty("All")?.GetValue(null)).Cast<object>();
        return [.. all.Select(option => (Read<string>(option, "Name"), Read<bool>(option, "IsFlag"), Read<IReadOnlyList<string>>(option, "Choices").ToArray(), (IReadOnlyList<string>)[.. Read<IReadOnlyList<DeploymentMode>>(option, "Modes").Select(mode => mode.ToString())]))];
    }

    private static T Read<T>(object option, string property) =>
        Assert.IsAssignableFrom<T>(option.GetType().GetProperty(property)?.GetValue(option));
}
