namespace Dewy.Engine.Registries;

/// <summary>A registry's URL taken apart: <c>scheme://authority/path?parameters</c>.</summary>
public sealed record RegistryAddress
{
    /// <summary>Lower-case scheme, such as <c>file</c> or <c>ghr</c>.</summary>
    public required string Scheme { get; init; }

    /// <summary>What stands between <c>//</c> and the first slash, brackets and port included.</summary>
    public required string Authority { get; init; }

    /// <summary>The rest before the query, without a leading slash, decoded. For <c>file</c> an absolute path.</summary>
    public required string Path { get; init; }

    /// <summary>Parameters of the query, decoded; names in lower case.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The URL as a person wrote it, with secrets masked.</summary>
    public required string DisplayName { get; init; }

    /// <inheritdoc/>
    public override string ToString() => DisplayName;
}
