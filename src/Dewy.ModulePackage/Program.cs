using Dewy.ModulePackage;

// Arguments: the module's root as built, the folder with the lists MSBuild wrote, where packages go, the version.
// What does not fit is an error of the build, in the form MSBuild shows.
if (args is not [var moduleRoot, var lists, var output, var version])
{
    await Console.Error.WriteLineAsync("usage: Dewy.ModulePackage <module root> <lists> <output> <version>");
    return 2;
}

try
{
    string[] List(string name) => File.ReadAllLines(Path.Combine(lists, name));

    var engine = AssemblyFolder.Of(Path.Combine(moduleRoot, "bin", "engine"));
    var platform = AssemblyFolder.Of(Path.GetDirectoryName(typeof(object).Assembly.Location) ?? "");
    var contract = AssemblyFolder.Of(Path.Combine(moduleRoot, "bin"));
    var neutral = AssemblyFolder.Of(List("neutral.txt"));
    var known = platform.Names.Concat(contract.Names).ToHashSet(StringComparer.OrdinalIgnoreCase);

    var layout = new ModuleLayout(Path.Combine(output, "Dewy", version));
    foreach (var file in List("shipped.txt"))
        layout.Add(file, Path.GetRelativePath(moduleRoot, file));

    // What the engine needs where no web server is asked for: everything but ASP.NET Core itself.
    var withoutServer = new AssemblyClosure(engine, [neutral], known).Find(name => !AssemblyClosure.IsAspNetCore(name));
    foreach (var file in withoutServer)
        layout.Add(file, Path.Combine("bin", "aspnetcore", "any", Path.GetFileName(file)));
    foreach (var line in List("runtimes.txt"))
    {
        var (rid, folder) = (line[..line.IndexOf('=', StringComparison.Ordinal)], line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        foreach (var file in new AssemblyClosure(engine, [AssemblyFolder.Of(folder)], known).Find(_ => true))
            layout.Add(file, Path.Combine("bin", "aspnetcore", rid, Path.GetFileName(file)));
    }

    layout.Check(version);
    layout.Write();
    var zip = Path.Combine(output, $"Dewy.{version}.zip");
    var bytes = layout.Zip(zip);
    GalleryPackage.WriteSpecification(ManifestText.Read(Path.Combine(moduleRoot, "Dewy.psd1")), version, Path.Combine(lists, "Dewy.nuspec"));
    foreach (var (folder, size) in layout.SizeByRuntime())
        await Console.Out.WriteLineAsync($"  bin/aspnetcore/{folder}: {size / 1024.0 / 1024.0:0.0} MB");
    await Console.Out.WriteLineAsync($"Packaged {layout.Folder} ({layout.Files} files, longest path {layout.LongestPath} characters) and {zip} ({bytes / 1e6:0.0} MB)");
    return 0;
}
catch (Exception exception) when (exception is PackagingException or IOException or UnauthorizedAccessException)
{
    await Console.Out.WriteLineAsync($"Dewy.ModulePackage: error DEWYPACK: {exception.Message}");
    return 1;
}
