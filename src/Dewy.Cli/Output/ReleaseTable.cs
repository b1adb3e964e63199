namespace Dewy.Cli.Output;

/// <summary>Releases for people.</summary>
internal static class ReleaseTable
{
    private static readonly string[] Headings = ["TAG", "VERSION", "SLOT", "PUBLISHED", "ARTIFACT", "NEWEST"];

    public static string Of(IReadOnlyList<Release> releases) => TextTable.Of(Headings, releases.Select(release => (string[])
    [
        release.Tag,
        release.Version,
        release.Slot ?? "-",
        TextTable.Time(release.CreatedAt),
        release.Artifact?.Name ?? "-",
        release.IsNewest ? "*" : "",
    ]));
}
