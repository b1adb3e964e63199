using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using Dewy.PowerShell.Tests.Hosting;
using Xunit;

namespace Dewy.PowerShell.Tests.Module;

/// <summary>What the about topics name exists: cmdlets, parameters, topics, error ids.</summary>
public sealed partial class AboutTopicTests : IDisposable
{
    private static readonly HashSet<string> CommonParameters = new(Cmdlet.CommonParameters.Concat(Cmdlet.OptionalCommonParameters), StringComparer.Ordinal);

    private readonly DewyRunspace _session = new();

    public static IEnumerable<TheoryDataRow<string>> Topics() =>
        Directory.GetFiles(Path.Combine(ModuleFiles.Root, "en-US"), "about_*.help.txt").Select(file => new TheoryDataRow<string>(Path.GetFileName(file)));

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Topics_AllOfThem_AreThere() =>
        Assert.Equal(
            ["about_Dewy", "about_Dewy_Agent", "about_Dewy_Configuration", "about_Dewy_Proxy", "about_Dewy_Registries", "about_Dewy_Troubleshooting"],
            Topics().Select(row => row.Data.Replace(".help.txt", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Take(6),
            StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Topics))]
    public void GetHelp_EachTopic_ShowsIt(string file)
    {
        var name = file.Replace(".help.txt", "", StringComparison.Ordinal);

        var shown = string.Concat(_session.Invoke($"Get-Help {name}").Select(item => item.BaseObject));

        Assert.Contains(name, shown, StringComparison.Ordinal);
        Assert.Contains("LONG DESCRIPTION", shown, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(Topics))]
    public void Topic_CmdletsAndTopicsItNames_Exist(string file)
    {
        var text = Read(file);
        var cmdlets = Cmdlets().Keys.ToHashSet(StringComparer.Ordinal);
        var topics = Topics().Select(row => row.Data.Replace(".help.txt", "", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);

        Assert.Contains(CmdletName().Matches(text), match => cmdlets.Contains(match.Value));
        Assert.All(CmdletName().Matches(text).Select(match => match.Value), name => Assert.Contains(name, cmdlets));
        Assert.All(TopicName().Matches(text).Select(match => match.Value), name => Assert.Contains(name, topics));
    }

    [Theory]
    [MemberData(nameof(Topics))]
    public void Topic_ParametersItNames_Exist(string file)
    {
        var cmdlets = Cmdlets();
        var any = cmdlets.Values.SelectMany(cmdlet => cmdlet.Parameters.Keys).ToHashSet(StringComparer.Ordinal);

        // A command may go on in the next line.
        var lines = Read(file).Replace("`\n", "", StringComparison.Ordinal).Replace("|\n", "| ", StringComparison.Ordinal).Split('\n');
        foreach (var line in lines)
        {
            var commands = Parser.ParseInput(line, out _, out _).FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>().ToArray();
            foreach (var command in commands)
            {
                if (command.GetCommandName() is { } name && cmdlets.TryGetValue(name, out var cmdlet))
                    Assert.All(command.CommandElements.OfType<CommandParameterAst>(), parameter => Assert.True(cmdlet.Parameters.ContainsKey(parameter.ParameterName), $"{line}: {name} has no -{parameter.ParameterName}"));
            }

            if (!OtherCommand().IsMatch(line))
                Assert.All(ParameterName().Matches(line).Select(match => match.Groups["name"].Value).Where(name => !CommonParameters.Contains(name)), name => Assert.True(any.Contains(name), $"{line}: no cmdlet has -{name}"));
        }
    }

    [Fact]
    public void Troubleshooting_ErrorIds_AreExactlyThoseThereAre()
    {
        var explained = ErrorId().Matches(Read("about_Dewy_Troubleshooting.help.txt")).Select(match => match.Groups["id"].Value);

        Assert.Equal(Enum.GetNames<ErrorCode>().Order(StringComparer.Ordinal), explained.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(ModuleFiles.Root, "en-US", file)).ReplaceLineEndings("\n");

    private Dictionary<string, CmdletInfo> Cmdlets() =>
        _session.Invoke("Get-Command -Module Dewy").Select(item => (CmdletInfo)item.BaseObject).ToDictionary(cmdlet => cmdlet.Name, StringComparer.Ordinal);

    [GeneratedRegex("[A-Z][a-z]+-Dewy[A-Za-z]+", RegexOptions.NonBacktracking)]
    private static partial Regex CmdletName();

    [GeneratedRegex("about_[A-Za-z_]*[A-Za-z]", RegexOptions.NonBacktracking)]
    private static partial Regex TopicName();

    /// <summary>A command of another module, whose parameters are none of ours.</summary>
    [GeneratedRegex("(Read-Host|Format-List|Select-Object|Get-Credential)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex OtherCommand();

    [GeneratedRegex(@"(^|[\s(])-(?<name>[A-Z][A-Za-z]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ParameterName();

    /// <summary>A word alone on a line of the depth at which ids stand, with its explanation below.</summary>
    [GeneratedRegex(@"^    (?<id>[A-Z][a-z]+([A-Z][a-z]+)*)\n        \S", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex ErrorId();
}
