using System.Text;
using System.Text.Json;

namespace Dewy.Engine.Composition.Configuration;

/// <summary>Takes a configuration file apart. What is wrong with it is collected, and the reading goes on behind it.</summary>
internal ref struct ConfigurationReader
{
    private const string ApplicationsKey = "applications";
    private const string EnvironmentKey = "environment";
    private const string SchemaKey = "$schema";
    private const string NameKey = "name";

    private static readonly JsonReaderOptions ReaderOptions = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly string _path;
    private readonly ReadOnlySpan<byte> _content;
    private readonly OptionProblems _problems;
    private Utf8JsonReader _reader;
    private List<FileApplication>? _applications;

    public ConfigurationReader(string path, ReadOnlySpan<byte> content, OptionProblems problems)
    {
        _path = path;
        _content = content;
        _problems = problems;
        _reader = new Utf8JsonReader(content, ReaderOptions);
    }

    private readonly TextPosition Position => TextPosition.Of(_content, _reader.TokenStartIndex);

    /// <summary>Reads it to its end.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public ConfigurationFile Read()
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            _problems.AddInFile(_path, Position, "an object { … } was expected");
            return new ConfigurationFile(_path, FileSection.Empty, applications: null);
        }

        var top = ReadSection(application: null);

        // Whatever stands after the object is found to be wrong here.
        _reader.Read();
        if (_applications is not null && top.Settings.FirstOrDefault(setting => setting.Option.Name is NameKey) is { } name)
            _problems.AddInFile(_path, name.Position, $"the names of applications are their keys in \"{ApplicationsKey}\"");
        return new ConfigurationFile(_path, top, _applications);
    }

    private FileSection ReadSection(string? application)
    {
        var settings = new List<FileSetting>();
        var variables = new List<FileVariable>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = _reader.GetString() ?? "";
            var position = Position;
            _reader.Read();
            if (!seen.Add(key))
                Refuse(position, $"\"{key}\" stands here a second time");
            else if (key is EnvironmentKey)
                ReadVariables(position, variables);
            else if (key is ApplicationsKey && application is null)
                ReadApplications(position);
            else if (key is SchemaKey && application is null)
                ReadSchema(position);
            else if (key is NameKey && application is not null)
                Refuse(position, $"the name of this application is its key, {application}");
            else if (OptionCatalog.TryGet(key, out var option) && option.FromFile)
                ReadSetting(option, position, settings);
            else
                Refuse(position, $"\"{key}\" is not an option.{Suggestion.Sentence(key, Keys(application is null))}");
        }

        return new FileSection { Settings = settings, Variables = variables };
    }

    private void ReadSetting(OptionDefinition option, TextPosition position, List<FileSetting> settings)
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            if (ReadScalar() is { } text)
                settings.Add(new FileSetting(option, [text], position));
            else
                Refuse(position, $"\"{option.Name}\" takes a string, a number, true or false");
            return;
        }

        if (!option.Repeatable)
        {
            Refuse(position, $"\"{option.Name}\" takes one value, not a list");
            return;
        }

        var values = new List<FileText>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (ReadScalar() is { } item)
                values.Add(item);
            else
                Refuse(Position, $"\"{option.Name}\" takes a list of strings or numbers");
        }

        settings.Add(new FileSetting(option, values, position));
    }

    private void ReadVariables(TextPosition position, List<FileVariable> variables)
    {
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            Refuse(position, $"\"{EnvironmentKey}\" takes an object: names of variables and their values");
            return;
        }

        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = _reader.GetString() ?? "";
            var at = Position;
            _reader.Read();
            if (WhyNoVariable(name) is { } why)
                Refuse(at, why);
            else if (variables.Exists(known => string.Equals(known.Name, name, StringComparison.Ordinal)))
                Refuse(at, $"\"{name}\" stands here a second time");
            else if (_reader.TokenType == JsonTokenType.String)
                variables.Add(new FileVariable(name, new FileText(_reader.GetString() ?? "", Position)));
            else
                Refuse(at, $"the variable \"{name}\" takes a string");
        }
    }

    private void ReadApplications(TextPosition position)
    {
        _applications = [];
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            Refuse(position, $"\"{ApplicationsKey}\" takes an object: names of applications and their options");
            return;
        }

        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = _reader.GetString() ?? "";
            var at = Position;
            _reader.Read();
            if (ApplicationName.WhyUnfit(name) is { } why)
                Refuse(at, $"\"{name}\" {why}");
            else if (_applications.Find(known => string.Equals(known.Name, name, StringComparison.OrdinalIgnoreCase)) is { } same)
                Refuse(at, $"the application \"{name}\" stands here a second time{(same.Name == name ? "" : $"; \"{same.Name}\" is the same name to some file systems")}");
            else if (_reader.TokenType != JsonTokenType.StartObject)
                Refuse(at, $"the application \"{name}\" takes an object with its options");
            else
                _applications.Add(new FileApplication(name, ReadSection(name), at));
        }

        if (_applications.Count == 0)
            _problems.AddInFile(_path, position, $"\"{ApplicationsKey}\" names no application that can be read");
    }

    private void ReadSchema(TextPosition position)
    {
        if (_reader.TokenType != JsonTokenType.String)
            Refuse(position, $"\"{SchemaKey}\" takes the address of a schema");
    }

    private readonly FileText? ReadScalar() => _reader.TokenType switch
    {
        JsonTokenType.String => new FileText(_reader.GetString() ?? "", Position),
        JsonTokenType.Number => new FileText(Encoding.UTF8.GetString(_reader.ValueSpan), Position),
        JsonTokenType.True => new FileText("true", Position),
        JsonTokenType.False => new FileText("false", Position),
        _ => null,
    };

    private void Refuse(TextPosition position, string problem)
    {
        _reader.Skip();
        _problems.AddInFile(_path, position, problem);
    }

    private static string? WhyNoVariable(string name)
    {
        if (name.Length == 0 || name.Any(character => character is '=' || char.IsControl(character)))
            return $"\"{name}\" is no name of a variable";
        return name.StartsWith("DEWY_", StringComparison.OrdinalIgnoreCase)
            ? $"\"{name}\" is Dewy's own and not for \"{EnvironmentKey}\": options have keys of their own"
            : null;
    }

    private static IEnumerable<string> Keys(bool isTop)
    {
        var options = OptionCatalog.All.Where(known => known.FromFile).Select(known => known.Name).Append(EnvironmentKey);
        return isTop ? options.Append(ApplicationsKey) : options;
    }
}
