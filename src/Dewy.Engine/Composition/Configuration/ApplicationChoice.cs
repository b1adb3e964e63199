namespace Dewy.Engine.Composition.Configuration;

/// <summary>Which of several applications in a configuration file is meant.</summary>
internal static class ApplicationChoice
{
    /// <summary>The one of the name given, the one whose root is given, or the only one; null where what is given directly is about none of them.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: there is none of that name, or nothing says which and it must be clear.</exception>
    public static FileApplication? Of(ConfigurationFile file, OptionSet given, string baseDirectory, IReadOnlyDictionary<string, string> environment, OptionProblems problems, bool mustBeClear)
    {
        if (given.Values("name") is [.., var name])
            return Find(file, name, problems);
        if (given.Values("root") is [.., var root] && file.Applications.FirstOrDefault(application => IsRootOf(file, application, Path.GetFullPath(root, baseDirectory), baseDirectory, environment)) is { } found)
            return found;
        if (Only(file) is not null || !mustBeClear || given.Contains("root") || given.Contains("registry"))
            return Only(file);
        problems.ThrowIfAny(); // what is meant may be one of those that cannot be read
        throw new DewyException(ErrorCode.InvalidOption, $"{file.Path} has several applications: {Names(file)}.")
        {
            Target = file.Path,
            NextStep = "Name one of them with --name.",
        };
    }

    /// <summary>Those of the names given, in the file's order; all where none is.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/>: there is none of one of the names; or what is wrong with the file.</exception>
    public static IReadOnlyList<FileApplication> Named(ConfigurationFile file, IReadOnlyList<string> names, OptionProblems problems)
    {
        var wanted = names.Select(name => Find(file, name, problems).Name).ToHashSet(StringComparer.Ordinal);
        return names.Count == 0 ? file.Applications : [.. file.Applications.Where(application => wanted.Contains(application.Name))];
    }

    /// <summary>Applications were named where there is no choice.</summary>
    public static DewyException NoneToChoose(string? file = null) =>
        new(ErrorCode.InvalidOption, file is null ? "There is no configuration file to choose applications from." : $"{file} has no \"applications\" to choose from.")
        {
            Target = file,
            NextStep = "Leave the names of applications out, or name a file that has several with --config.",
        };

    private static FileApplication? Only(ConfigurationFile file) => file.Applications is [var only] ? only : null;

    private static FileApplication Find(ConfigurationFile file, string name, OptionProblems problems)
    {
        if (file.Applications.FirstOrDefault(application => string.Equals(application.Name, name, StringComparison.Ordinal)) is { } found)
            return found;
        problems.ThrowIfAny();
        throw new DewyException(ErrorCode.InvalidOption, $"{file.Path} has no application '{name}'; it has {Names(file)}.{Suggestion.Sentence(name, file.Applications.Select(application => application.Name))}")
        {
            Target = name,
            NextStep = "Name one of these.",
        };
    }

    private static string Names(ConfigurationFile file) => string.Join(", ", file.Applications.Select(application => application.Name));

    private static bool IsRootOf(ConfigurationFile file, FileApplication application, string root, string baseDirectory, IReadOnlyDictionary<string, string> environment)
    {
        // What is wrong with it is said when it is needed.
        var references = new FileReferences(file.Path, environment, new OptionProblems());
        var options = file.OptionsOf(application, references, OptionScope.Of("root"));
        return options.Values("root") is [.., var own] && own.Length > 0 && SameRoot.Are(Path.GetFullPath(own, baseDirectory), root);
    }
}
