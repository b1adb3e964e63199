namespace Dewy.Engine.Deployment;

/// <summary>One <c>--shared</c> path, checked.</summary>
internal sealed record SharedPath
{
    private SharedPath(IReadOnlyList<string> segments, bool isDirectory)
    {
        Segments = segments;
        IsDirectory = isDirectory;
    }

    /// <summary>Its names, outermost first; at least one.</summary>
    public IReadOnlyList<string> Segments { get; }

    /// <summary>Whether it was written with a slash at the end and so can only be a directory.</summary>
    public bool IsDirectory { get; }

    /// <summary>Reads the paths of one application: doubles are one, one inside another is an error.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>, naming the path.</exception>
    public static IReadOnlyList<SharedPath> ParseAll(IEnumerable<string> paths)
    {
        var all = new List<SharedPath>();
        foreach (var text in paths)
        {
            var path = Parse(text);
            var same = all.Find(other => other.Segments.SequenceEqual(path.Segments, StringComparer.Ordinal));
            if (same is not null)
            {
                all.Remove(same);
                path = new SharedPath(path.Segments, path.IsDirectory || same.IsDirectory);
            }

            if (all.Find(other => other.Contains(path) || path.Contains(other)) is { } outer)
                throw Invalid(text, $"lies in the same directory tree as --shared {outer}, which is one link", "Name the outer path only.");
            all.Add(path);
        }

        return all;
    }

    /// <summary>Reads a path: relative, with <c>/</c> (or <c>\</c> on Windows) between names, and a slash at the end for a directory.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>, naming the path.</exception>
    public static SharedPath Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var path = OperatingSystem.IsWindows() ? text.Replace('\\', '/') : text;
        if (path.StartsWith('/') || Path.IsPathRooted(path))
            throw Invalid(text, "is absolute", "Give a path relative to the release, such as config/app.yml.");
        if (path.Any(char.IsControl))
            throw Invalid(text, "contains a control character", "Give a path such as config/app.yml.");
        var segments = path.Split('/').Where(segment => segment is not ("" or ".")).ToList();
        if (segments.Count == 0)
            throw Invalid(text, "names nothing", "Give a path relative to the release, such as config/app.yml.");
        if (segments.Contains(".."))
            throw Invalid(text, "leaves the release with '..'", "Give a path inside the release.");
        if (segments.Contains(RootLayout.PrivateName, StringComparer.OrdinalIgnoreCase))
            throw Invalid(text, $"names {RootLayout.PrivateName}, which is Dewy's own", "Share another directory.");
        return new SharedPath(segments, path.EndsWith('/'));
    }

    /// <summary>Absolute path below a directory.</summary>
    public string Below(string directory) => Path.Combine([directory, .. Segments]);

    /// <inheritdoc/>
    public override string ToString() => string.Join('/', Segments) + (IsDirectory ? "/" : "");

    private bool Contains(SharedPath other) =>
        Segments.Count < other.Segments.Count && other.Segments.Take(Segments.Count).SequenceEqual(Segments, StringComparer.Ordinal);

    private static DewyException Invalid(string text, string what, string nextStep) =>
        new(ErrorCode.InvalidOption, $"The shared path '{text}' {what}.") { Target = "--shared", NextStep = nextStep };
}
