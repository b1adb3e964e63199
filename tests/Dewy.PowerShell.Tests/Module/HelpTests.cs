using System.Management.Automation;
using System.Management.Automation.Language;
using System.Xml.Linq;
using Dewy.PowerShell.Tests.Hosting;
using Xunit;

namespace Dewy.PowerShell.Tests.Module;

/// <summary>Help as PowerShell shows it says the same as the cmdlets as PowerShell runs them.</summary>
public sealed class HelpTests
{
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    private static readonly HashSet<string> CommonParameters = new(Cmdlet.CommonParameters, StringComparer.Ordinal);

    public static IEnumerable<TheoryDataRow<string>> Cmdlets()
    {
        using var session = new DewyRunspace();
        return [.. session.Invoke("(Get-Module Dewy).ExportedCmdlets.Keys").Select(name => new TheoryDataRow<string>((string)name.BaseObject))];
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Help_EachCmdlet_DescribesExactlyItsParameters(string name)
    {
        using var session = new DewyRunspace();
        var cmdlet = (CmdletInfo)session.Invoke($"Get-Command {name}").Single().BaseObject;

        var described = HelpOf(name).Elements(Command + "parameters").Elements(Command + "parameter");

        Assert.Equal(
            cmdlet.Parameters.Keys.Where(parameter => !CommonParameters.Contains(parameter)).Order(StringComparer.Ordinal),
            described.Select(parameter => parameter.Element(Maml + "name")?.Value ?? "").Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
        Assert.All(described, parameter => Assert.NotEmpty(parameter.Element(Maml + "description")?.Value ?? ""));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Help_EachCmdlet_SyntaxIsThatOfItsParameterSets(string name)
    {
        using var session = new DewyRunspace();
        var cmdlet = (CmdletInfo)session.Invoke($"Get-Command {name}").Single().BaseObject;
        static string Line(IEnumerable<(string Name, bool Mandatory, string Position)> parameters) =>
            string.Join(' ', parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal).Select(parameter => $"{parameter.Name}:{parameter.Mandatory}:{parameter.Position}"));

        var expected = cmdlet.ParameterSets.Select(set => Line(set.Parameters
            .Where(parameter => !CommonParameters.Contains(parameter.Name))
            .Select(parameter => (parameter.Name, parameter.IsMandatory, parameter.Position >= 0 ? $"{parameter.Position}" : "named"))));
        var shown = HelpOf(name).Elements(Command + "syntax").Elements(Command + "syntaxItem").Select(item => Line(item.Elements(Command + "parameter")
            .Select(parameter => (parameter.Element(Maml + "name")?.Value ?? "", parameter.Attribute("required")?.Value is "true", parameter.Attribute("position")?.Value ?? ""))));

        Assert.Equal(expected.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Help_EachExample_ParsesAndUsesParametersThatExist(string name)
    {
        using var session = new DewyRunspace();
        var examples = HelpOf(name).Elements(Command + "examples").Elements(Command + "example").Select(example => example.Element(Dev + "code")?.Value ?? "").ToArray();

        Assert.True(examples.Length >= 2);
        Assert.Contains(examples, example => example.Contains(name, StringComparison.Ordinal));
        foreach (var example in examples)
        {
            var script = Parser.ParseInput(example, out _, out var errors);
            Assert.Empty(errors);
            foreach (var command in script.FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>())
            {
                if (command.GetCommandName() is not { } called || !called.Contains("Dewy", StringComparison.Ordinal))
                    continue;
                var info = (CmdletInfo)session.Invoke($"Get-Command {called}").Single().BaseObject;
                Assert.All(command.CommandElements.OfType<CommandParameterAst>(), parameter => Assert.Contains(parameter.ParameterName, info.Parameters.Keys));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void GetHelp_EachCmdlet_FindsTheFile(string name)
    {
        using var session = new DewyRunspace();

        var synopsis = session.Invoke($"(Get-Help {name}).Synopsis").Single().BaseObject;

        Assert.Equal(HelpOf(name).Elements(Command + "details").Elements(Maml + "description").Single().Value, Assert.IsType<string>(synopsis).Trim());
    }

    private static XElement HelpOf(string name) =>
        XDocument.Load(Path.Combine(ModuleFiles.Root, "en-US", "Dewy.PowerShell.dll-Help.xml")).Descendants(Command + "command")
            .Single(command => command.Element(Command + "details")?.Element(Command + "name")?.Value is { } found && string.Equals(found, name, StringComparison.Ordinal));
}
