using System.Globalization;
using System.Xml.Linq;

namespace Dewy.HelpBuilder;

/// <summary>Writes help in the form <c>Get-Help</c> reads: the schema of PowerShell's <c>en-US/*-Help.xml</c> files.</summary>
internal static class MamlWriter
{
    private static readonly XNamespace Items = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <param name="pages">Cmdlets, what is written about them, and the texts of parameters they share.</param>
    public static XDocument Write(IEnumerable<(CmdletFacts Cmdlet, HelpPage Page)> pages, HelpPage shared) => new(
        new XElement(
            Items + "helpItems",
            new XAttribute("schema", "maml"),
            new XAttribute(XNamespace.Xmlns + "maml", Maml),
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            pages.Select(pair => Cmdlet(pair.Cmdlet, pair.Page, shared))));

    private static XElement Cmdlet(CmdletFacts cmdlet, HelpPage page, HelpPage shared)
    {
        IReadOnlyList<string> TextOf(ParameterFacts parameter) =>
            page.Parameters.TryGetValue(parameter.Name, out var own) ? own : shared.Parameters[parameter.Name];
        return new XElement(
            Command + "command",
            new XElement(
                Command + "details",
                new XElement(Command + "name", cmdlet.Name),
                new XElement(Command + "verb", cmdlet.Verb),
                new XElement(Command + "noun", cmdlet.Noun),
                Paragraphs(Maml + "description", page.Synopsis)),
            Paragraphs(Maml + "description", page.Description),
            new XElement(Command + "syntax", cmdlet.Sets.Select(set => SyntaxItem(cmdlet, set, TextOf))),
            new XElement(Command + "parameters", cmdlet.Parameters.Select(parameter => Parameter(parameter, parameter.Uses[0], TextOf(parameter)))),
            new XElement(Command + "inputTypes", Inputs(cmdlet).Select(type => new XElement(Command + "inputType", Type(type)))),
            new XElement(Command + "returnValues", cmdlet.OutputTypes.Select(type => new XElement(Command + "returnValue", Type(type)))),
            new XElement(Command + "examples", page.Examples.Select(Example)),
            new XElement(Command + "relatedLinks", page.Links.Select(link => new XElement(Maml + "navigationLink", new XElement(Maml + "linkText", link)))));
    }

    private static XElement SyntaxItem(CmdletFacts cmdlet, string? set, Func<ParameterFacts, IReadOnlyList<string>> textOf) => new(
        Command + "syntaxItem",
        new XElement(Maml + "name", cmdlet.Name),
        cmdlet.Parameters
            .Select(parameter => (Parameter: parameter, Use: parameter.In(set)))
            .Where(pair => pair.Use is not null)
            .OrderBy(pair => pair.Use?.Position ?? int.MaxValue)
            .ThenByDescending(pair => pair.Use?.Mandatory)
            .Select(pair => Parameter(pair.Parameter, pair.Use ?? pair.Parameter.Uses[0], textOf(pair.Parameter))));

    private static XElement Parameter(ParameterFacts parameter, ParameterUse use, IReadOnlyList<string> text) => new(
        Command + "parameter",
        new XAttribute("required", Word(use.Mandatory)),
        new XAttribute("variableLength", Word(parameter.IsList)),
        new XAttribute("globbing", Word(parameter.Wildcards)),
        new XAttribute("pipelineInput", use.PipelineInput),
        new XAttribute("position", use.Position?.ToString(CultureInfo.InvariantCulture) ?? "named"),
        new XAttribute("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
        new XElement(Maml + "name", parameter.Name),
        Paragraphs(Maml + "description", parameter.Words.Count == 0 ? text : [.. text, $"One of: {string.Join(", ", parameter.Words)}."]),
        parameter.IsSwitch ? null : new XElement(Command + "parameterValue", new XAttribute("required", "true"), new XAttribute("variableLength", Word(parameter.IsList)), parameter.Type),
        Type(parameter.Type));

    private static XElement Example(HelpExample example, int index) => new(
        Command + "example",
        new XElement(Maml + "title", $"Example {index + 1}: {example.Title}"),
        new XElement(Dev + "code", example.Code),
        Paragraphs(Dev + "remarks", example.Remarks));

    private static IEnumerable<string> Inputs(CmdletFacts cmdlet) => cmdlet.Parameters
        .Where(parameter => parameter.Uses.Any(use => use.ByValue || use.ByPropertyName))
        .OrderByDescending(parameter => parameter.Uses.Any(use => use.ByValue))
        .Select(parameter => parameter.Uses.Any(use => use.ByValue) ? parameter.Type : "Objects with properties named like the parameters that take pipeline input.")
        .Distinct(StringComparer.Ordinal);

    private static XElement Type(string name) => new(Dev + "type", new XElement(Maml + "name", name));

    private static XElement Paragraphs(XName name, IEnumerable<string> paragraphs) => new(name, paragraphs.Select(text => new XElement(Maml + "para", text)));

    private static string Word(bool value) => value ? "true" : "false";
}
