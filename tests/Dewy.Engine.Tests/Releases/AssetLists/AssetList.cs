namespace Dewy.Engine.Tests.Releases.AssetLists;

/// <summary>The files of one release of a project, and what its user would download on each platform.</summary>
/// <param name="Project"><c>owner/repository</c>.</param>
/// <param name="Version">The release's version.</param>
/// <param name="Files">Names of its files.</param>
/// <param name="Expected">Platform, and the file expected for it: its name, <see cref="Nothing"/> or <see cref="Several"/>.</param>
internal sealed record AssetList(string Project, string Version, IReadOnlyList<string> Files, IReadOnlyDictionary<string, string> Expected)
{
    public const string Nothing = "none";

    public const string Several = "ambiguous";

    /// <summary>Made-up lists are of this owner.</summary>
    private const string MadeUp = "example/";

    public string Repository => Project[(Project.IndexOf('/', StringComparison.Ordinal) + 1)..];

    public bool IsReal => !Project.StartsWith(MadeUp, StringComparison.Ordinal);
}
