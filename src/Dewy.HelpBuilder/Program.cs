using Dewy.HelpBuilder;

// Arguments: the compiled cmdlets, a file that lists the assemblies they refer to, module/docs, the help file to write.
// What does not fit together is an error of the build, in the form MSBuild shows.
if (args is not [var assembly, var referenceList, var docs, var output])
{
    await Console.Error.WriteLineAsync("usage: Dewy.HelpBuilder <assembly> <reference list> <docs> <output>");
    return 2;
}

var references = await File.ReadAllLinesAsync(referenceList);
var cmdlets = CmdletReader.Read(assembly, references);
var shared = HelpPage.Parse(await File.ReadAllTextAsync(Path.Combine(docs, "parameters.md")));
var mistakes = new List<(string File, string What)>();
var pages = new List<(CmdletFacts, HelpPage)>();
foreach (var cmdlet in cmdlets)
{
    var file = Path.Combine(docs, cmdlet.Name + ".md");
    if (!File.Exists(file))
    {
        mistakes.Add((file, $"{cmdlet.Name} has no help"));
        continue;
    }

    var page = HelpPage.Parse(await File.ReadAllTextAsync(file));
    mistakes.AddRange(HelpCheck.Of(cmdlet, page, shared).Select(what => (file, what)));
    pages.Add((cmdlet, page));
}

var names = cmdlets.Select(cmdlet => cmdlet.Name).Append("parameters").ToHashSet(StringComparer.Ordinal);
mistakes.AddRange(Directory.GetFiles(docs, "*.md")
    .Where(file => !names.Contains(Path.GetFileNameWithoutExtension(file)))
    .Select(file => (file, "there is no such cmdlet")));
foreach (var (file, what) in mistakes)
    await Console.Out.WriteLineAsync($"{file}(1): error DEWYHELP: {what}");
if (mistakes.Count > 0)
    return 1;
Directory.CreateDirectory(Path.GetDirectoryName(output) ?? ".");
MamlWriter.Write(pages, shared).Save(output);
return 0;
