namespace Dewy.Engine.Artifacts.Caching.Shared;

/// <summary>Names of an entry's objects in a shared bucket: those of the files in a local cache.</summary>
/// <param name="Content">The artifact, under its key (compat).</param>
internal sealed record SharedEntryNames(string Content)
{
    /// <summary>What is kept about it; written last, so where it is, the rest is as well.</summary>
    public string Description => Content + CacheFileName.DescriptionSuffix;

    /// <summary>Tells that a host is fetching it.</summary>
    public string Lease => Content + ".lease";

    public static SharedEntryNames Of(string key) => new(CacheFileName.Plain(key) ?? CacheFileName.Escaped(key));

    /// <summary>A small file of the release, such as a checksum file.</summary>
    public string File(string name) => $"{Content}.files/{CacheFileName.Escaped(name)}";
}
