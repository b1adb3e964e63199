using System.Text.Json;

namespace Dewy.Engine.Composition.Configuration;

/// <summary>
/// A JSON file with options: its keys are flags without dashes. With <c>applications</c> it speaks of several, by name, and
/// what stands beside that is meant for all of them. Comments and trailing commas are fine.
/// </summary>
internal sealed class ConfigurationFile
{
    /// <summary>A file larger than this, in bytes, is no configuration file.</summary>
    private const long MaxSize = 1 << 20;

    private readonly FileSection _top;

    public ConfigurationFile(string path, FileSection top, IReadOnlyList<FileApplication>? applications)
    {
        Path = path;
        _top = top;
        Applications = applications ?? [];
        HasApplications = applications is not null;
    }

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    /// <summary>Whether it speaks of applications by name.</summary>
    public bool HasApplications { get; }

    /// <summary>The applications, in their order; empty where the file speaks of one alone.</summary>
    public IReadOnlyList<FileApplication> Applications { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="problems">Takes what is wrong with what it says, each with line and column.</param>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidConfiguration"/>: it cannot be read, or is no JSON; then nothing can be said of it as a whole.</exception>
    public static ConfigurationFile Read(string path, OptionProblems problems)
    {
        var content = ReadContent(path);
        try
        {
            return new ConfigurationReader(path, content, problems).Read();
        }
        catch (JsonException exception)
        {
            // Both are counted from 0; the parser's own words end in their position once more.
            var position = new TextPosition((int)(exception.LineNumber ?? 0) + 1, (int)(exception.BytePositionInLine ?? 0) + 1);
            problems.AddInFile(path, position, exception.Message.Split(" LineNumber:", 2)[0]);
            problems.ThrowIfAny();
            throw;
        }
    }

    /// <summary>What the file says of one application, references followed.</summary>
    /// <param name="application">Which one; null for what is said of all.</param>
    /// <param name="references">Follows references.</param>
    /// <param name="scope">How much of it is needed.</param>
    public OptionSet OptionsOf(FileApplication? application, FileReferences references, OptionScope scope)
    {
        var options = new OptionSet();
        if (application is not null)
        {
            options.Add("name", application.Name, Origin("name", application.Position));
            Fill(options, application.Section, references, scope, isGeneral: false);
        }

        Fill(options, _top, references, scope, isGeneral: HasApplications);
        return options;
    }

    private void Fill(OptionSet options, FileSection section, FileReferences references, OptionScope scope, bool isGeneral)
    {
        var found = new OptionSet();
        foreach (var setting in section.Settings.Where(setting => scope.Includes(setting.Option) && !options.Contains(setting.Option.Name)))
        {
            var (name, origin) = (setting.Option.Name, Origin(setting.Option.Name, setting.Position));
            foreach (var text in setting.Values.Select(value => references.Follow(value, found, hidesValues: setting.Option.Kind == OptionKind.Text)).OfType<string>())
                _ = isGeneral ? found.AddGeneral(name, text, origin) : found.Add(name, text, origin);
        }

        foreach (var variable in section.Variables.Where(variable => scope.Variables && !options.Variables.ContainsKey(variable.Name)))
        {
            if (references.Follow(variable.Value, found, hidesValues: true) is { } text)
                found.AddVariable(variable.Name, text);
        }

        options.FillFrom(found);
    }

    private string Origin(string key, TextPosition position) => $"{position.In(Path)}: \"{key}\"";

    private static byte[] ReadContent(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxSize })
                throw new DewyException(ErrorCode.InvalidConfiguration, $"{path} is larger than {MaxSize} bytes.") { Target = path, NextStep = "Name a configuration file with --config or DEWY_CONFIG." };
            var content = File.ReadAllBytes(path);
            return content.AsSpan().StartsWith("\uFEFF"u8) ? content[3..] : content;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DewyException(ErrorCode.InvalidConfiguration, $"The configuration file cannot be read: {exception.Message}", exception)
            {
                Target = path,
                NextStep = "Correct --config or DEWY_CONFIG, or make the file readable for this user.",
            };
        }
    }
}
