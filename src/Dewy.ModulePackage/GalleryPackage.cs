using System.Xml.Linq;

namespace Dewy.ModulePackage;

/// <summary>
/// The nuspec the PowerShell Gallery expects of a module: the manifest's facts, and tags by which Find-PSResource finds
/// modules, their edition and their cmdlets (PowerShellGet, Publish-PSArtifactUtility: PSModule, PSEdition_*, PSCmdlet_*, PSCommand_*, PSIncludes_*).
/// </summary>
internal static class GalleryPackage
{
    private static readonly XNamespace Nuspec = "http://schemas.microsoft.com/packaging/2011/08/nuspec.xsd";

    public static void WriteSpecification(ManifestText manifest, string version, string path)
    {
        if (manifest.Value("ModuleVersion") is var said && said != version)
            throw new PackagingException($"Dewy.psd1 says {said}, the build {version}. Make them one.");
        var cmdlets = manifest.Values("CmdletsToExport");
        var tags = manifest.Values("Tags")
            .Concat(["PSModule", "PSIncludes_Cmdlet"])
            .Concat(cmdlets.SelectMany(name => new[] { $"PSCmdlet_{name}", $"PSCommand_{name}" }))
            .Distinct(StringComparer.OrdinalIgnoreCase);
        var project = manifest.Value("ProjectUri");
        var notes = manifest.Value("ReleaseNotes");
        new XDocument(new XElement(Nuspec + "package", new XElement(
            Nuspec + "metadata",
            new XElement(Nuspec + "id", "Dewy"),
            new XElement(Nuspec + "version", version),
            new XElement(Nuspec + "authors", manifest.Value("Author")),
            new XElement(Nuspec + "owners", manifest.Value("CompanyName")),
            new XElement(Nuspec + "requireLicenseAcceptance", "false"),
            new XElement(Nuspec + "description", manifest.Value("Description")),
            project.Length > 0 ? new XElement(Nuspec + "projectUrl", project) : null,
            notes.Length > 0 ? new XElement(Nuspec + "releaseNotes", notes) : null,
            new XElement(Nuspec + "copyright", manifest.Value("Copyright")),
            new XElement(Nuspec + "tags", string.Join(' ', tags))),
            new XElement(Nuspec + "files", new XElement(Nuspec + "file", new XAttribute("src", "**"), new XAttribute("target", "")))))
            .Save(path);
    }
}
