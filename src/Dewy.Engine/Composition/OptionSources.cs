using Dewy.Engine.Composition.Configuration;

namespace Dewy.Engine.Composition;

/// <summary>Puts together what was given in several places: flag before environment before file.</summary>
public static class OptionSources
{
    /// <summary>The applications of the configuration file that the options or the environment name; null where it speaks of one alone, or is not there.</summary>
    /// <exception cref="DewyException">The configuration file cannot be read, or has no application of the name given.</exception>
    public static NamedApplications? FindApplications(OptionSet options, string baseDirectory, IReadOnlyDictionary<string, string> environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = new OptionProblems();
        var direct = Direct(options, baseDirectory, environment);
        if (options.IsComplete || ReadFile(direct, baseDirectory, problems) is not { HasApplications: true } file)
            return null;
        var names = file.Applications.Select(application => application.Name).ToList();
        if (ApplicationChoice.Of(file, direct, baseDirectory, environment, problems, mustBeClear: false) is not { } meant)
            return new NamedApplications(names, Meant: null, Mode: null);
        var complete = CompleteFrom(file, meant, direct, environment, problems, OptionScope.Of("name", "mode", "registry", "command"));
        return new NamedApplications(names, meant.Name, ModeInference.Infer(complete, problems));
    }

    /// <summary>
    /// A new set, about the same base directory, with what <paramref name="options"/> has, then what the environment sets, then
    /// what the configuration file sets that either names. Of several applications in the file it is the one of the name given,
    /// else the one whose root is given; with another root what the file says of all of them.
    /// </summary>
    /// <param name="options">What was given directly.</param>
    /// <param name="baseDirectory">Absolute path that relative ones are meant from, those in the file too.</param>
    /// <param name="environment">The environment of the front end.</param>
    /// <param name="only">The options that are needed, where those are not all: what the file's other values refer to is left alone.</param>
    /// <exception cref="DewyException">The configuration file cannot be read, something in it is wrong, or it does not say which application is meant.</exception>
    public static OptionSet Complete(OptionSet options, string baseDirectory, IReadOnlyDictionary<string, string> environment, params IReadOnlyList<string> only)
    {
        var problems = new OptionProblems();
        var complete = Complete(options, baseDirectory, environment, problems, only.Count == 0 ? OptionScope.All : OptionScope.Of(only));
        problems.ThrowIfAny();
        return complete;
    }

    /// <inheritdoc cref="Complete(OptionSet, string, IReadOnlyDictionary{string, string}, IReadOnlyList{string})"/>
    internal static OptionSet Complete(OptionSet options, string baseDirectory, IReadOnlyDictionary<string, string> environment, OptionProblems problems, OptionScope scope)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.IsComplete)
            return options;
        var direct = Direct(options, baseDirectory, environment);
        if (ReadFile(direct, baseDirectory, problems) is not { } file)
            return Finish(direct, scope);
        var application = file.HasApplications ? ApplicationChoice.Of(file, direct, baseDirectory, environment, problems, scope.NeedsApplication) : null;
        return CompleteFrom(file, application, direct, environment, problems, scope);
    }

    /// <summary>The same for each application of a file that speaks of several; otherwise one set.</summary>
    /// <param name="names">The applications meant; none for all.</param>
    /// <returns>Each with the problems it is to be told with.</returns>
    internal static IReadOnlyList<(OptionSet Options, OptionProblems Problems)> CompleteEach(
        OptionSet options, IReadOnlyList<string> names, string baseDirectory, IReadOnlyDictionary<string, string> environment, OptionProblems problems, OptionScope scope)
    {
        ArgumentNullException.ThrowIfNull(options);
        var direct = options.IsComplete ? options : Direct(options, baseDirectory, environment);
        var file = options.IsComplete ? null : ReadFile(direct, baseDirectory, problems);
        if (file is not { HasApplications: true })
        {
            if (names.Count > 0)
                throw ApplicationChoice.NoneToChoose(file?.Path);
            return [(file is null ? Finish(direct, scope) : CompleteFrom(file, application: null, direct, environment, problems, scope), problems)];
        }

        var chosen = ApplicationChoice.Named(file, names, problems);
        return [.. chosen.Select(application => (CompleteOne(application), problems.Of(application.Name, file.Path)))];

        OptionSet CompleteOne(FileApplication application)
        {
            // Its key is its name, whatever the environment says.
            var named = new OptionSet { BaseDirectory = direct.BaseDirectory }.Add("name", application.Name).FillFrom(direct);
            var complete = CompleteFrom(file, application, named, environment, problems, scope);

            // One that names no ports takes all sockets its process was handed, which are its neighbours' here.
            return chosen.Count > 1 && !complete.Contains("port") ? complete.AddVariable("LISTEN_PID", "") : complete;
        }
    }

    private static OptionSet CompleteFrom(
        ConfigurationFile file, FileApplication? application, OptionSet direct, IReadOnlyDictionary<string, string> environment, OptionProblems problems, OptionScope scope)
    {
        direct.FillFrom(file.OptionsOf(application, new FileReferences(file.Path, environment, problems), scope));
        problems.Hide(direct.Secrets);
        return Finish(direct, scope, application?.Position.In(file.Path));
    }

    private static OptionSet Direct(OptionSet options, string baseDirectory, IReadOnlyDictionary<string, string> environment) =>
        new OptionSet { BaseDirectory = options.BaseDirectory ?? baseDirectory }.FillFrom(options).FillFrom(EnvironmentOptions.Read(environment));

    private static ConfigurationFile? ReadFile(OptionSet direct, string baseDirectory, OptionProblems problems) =>
        direct.Values("config") is [.., var file] && !string.IsNullOrWhiteSpace(file) ? ConfigurationFile.Read(Path.GetFullPath(file, baseDirectory), problems) : null;

    private static OptionSet Finish(OptionSet options, OptionScope scope, string? place = null) =>
        scope != OptionScope.All ? options : new OptionSet { BaseDirectory = options.BaseDirectory, IsComplete = true, Place = place }.FillFrom(options);
}
