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

    /// <summary>Host or first word of the authority, without brackets and port.</summary>
    public string Host => RegistryAddressReader.SplitPort(Authority).Host.Trim('[', ']');

    /// <summary>Port of the authority; null where it has none.</summary>
    public int? Port => RegistryAddressReader.SplitPort(Authority).Port;

    /// <summary>The last word of the path: a repository's, a folder's or a prefix's own name; null where there is none.</summary>
    public string? LastWord => Path.TrimEnd('/', '\\').Split('/', '\\')[^1] is { Length: > 0 } word ? word : null;

    /// <summary>The URL as a person wrote it, with secrets masked.</summary>
    public required string DisplayName { get; init; }

    /// <summary>Reads a registry's URL: the schemes and parameters this build of Dewy has, and no others.</summary>
    /// <param name="text">The URL, such as <c>file:///srv/releases/app?artifact=app.zip</c>.</param>
    /// <param name="baseDirectory">Where <c>file://./relative</c> starts; null for the process's current directory.</param>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/> that lists what is valid.</exception>
    public static RegistryAddress Parse(string text, string? baseDirectory = null) => RegistryCatalog.BuiltIn.Parse(text, baseDirectory);

    /// <inheritdoc/>
    public override string ToString() => DisplayName;
}
