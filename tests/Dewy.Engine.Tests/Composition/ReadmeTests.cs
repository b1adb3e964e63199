using System.Text.RegularExpressions;
using Dewy.Engine.Composition;
using Dewy.Tests;
using Xunit;

namespace Dewy.Engine.Tests.Composition;

public sealed partial class ReadmeTests
{
    [Fact]
    public void TableOfOptions_EveryFlag_HasItsLetterAndDefault()
    {
        var rows = File.ReadAllLines(Path.Combine(Repository.Root, "README.md"))
            .Where(line => line.StartsWith("| `--", StringComparison.Ordinal))
            .Select(line => CellBorder().Split(line))
            .ToDictionary(cells => FlagName().Match(cells[1]).Value, StringComparer.Ordinal);

        var flags = OptionCatalog.All.Where(definition => definition.IsFlag && definition.Name != "config").ToList();
        Assert.Equal(flags.Select(flag => $"--{flag.Name}").Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        Assert.All(flags, flag =>
        {
            var cells = rows[$"--{flag.Name}"];
            Assert.Equal(flag.Default ?? "", cells[2].Trim(' ', '`'));
            Assert.Equal(flag.ShortName is { } letter ? $"`-{letter}`" : "", ShortFlag().Match(cells[1]).Value);
            Assert.Equal(flag.Modes.Count == 3 ? "" : $"*({string.Join(", ", flag.Modes.Order().Select(mode => mode.ToString().ToLowerInvariant()))})*", Modes().Match(cells[3]).Value);
        });
    }

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex CellBorder();

    [GeneratedRegex("--[a-z-]+")]
    private static partial Regex FlagName();

    [GeneratedRegex("`-[a-z]`")]
    private static partial Regex ShortFlag();

    [GeneratedRegex(@"\*\([a-z, ]+\)\*")]
    private static partial Regex Modes();
}
