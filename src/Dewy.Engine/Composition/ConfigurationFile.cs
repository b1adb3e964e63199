using System.Text.Json;

namespace Dewy.Engine.Composition;

/// <summary>Options out of a JSON file: one object whose keys are flags without dashes. Comments and trailing commas are fine.</summary>
public static class ConfigurationFile
{
    /// <summary>A file larger than this, in bytes, is no configuration file.</summary>
    private const long MaxSize = 1 << 20;

    private static readonly JsonReaderOptions ReaderOptions = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads a file. Every problem found is told with its line and column, both from 1.</summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidConfiguration"/>.</exception>
    public static OptionSet Read(string path)
    {
        var content = ReadContent(path);
        var problems = new List<string>();
        var options = new OptionSet();
        try
        {
            ReadObject(path, content, options, problems);
        }
        catch (JsonException exception)
        {
            // Both are counted from 0; the parser's own words end in their position once more.
            var line = (exception.LineNumber ?? 0) + 1;
            var column = (exception.BytePositionInLine ?? 0) + 1;
            var cause = exception.Message.Split(" LineNumber:", 2)[0];
            problems.Add($"{path}({line},{column}): {cause}");
        }

        return problems.Count == 0 ? options : throw Invalid(string.Join(" ", problems), path);
    }

    private static byte[] ReadContent(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxSize })
                throw Invalid($"{path} is larger than {MaxSize} bytes.", path);
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

    private static void ReadObject(string path, byte[] content, OptionSet options, List<string> problems)
    {
        var reader = new Utf8JsonReader(content, ReaderOptions);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            problems.Add($"{TextPosition.Of(content, reader.TokenStartIndex).In(path)}: an object {{ … }} was expected.");
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString() ?? "";
            var position = TextPosition.Of(content, reader.TokenStartIndex);
            reader.Read();
            var problem = ReadValue(ref reader, options, key, $"\"{key}\" ({Path.GetFileName(path)}, line {position.Line})");
            if (problem is not null)
                problems.Add($"{position.In(path)}: {problem}");
        }

        // Whatever stands after the object is found to be wrong here.
        reader.Read();
    }

    /// <summary>What is wrong with a key or its value; null where nothing is.</summary>
    private static string? ReadValue(ref Utf8JsonReader reader, OptionSet options, string key, string origin)
    {
        if (!OptionCatalog.TryGet(key, out var definition) || !definition.FromFile)
        {
            reader.Skip();
            return $"\"{key}\" is not an option.{Suggestion.Sentence(key, OptionCatalog.All.Where(known => known.FromFile).Select(known => known.Name))}";
        }

        if (options.Contains(key))
        {
            reader.Skip();
            return $"\"{key}\" stands here a second time.";
        }

        if (reader.TokenType != JsonTokenType.StartArray)
            return Scalar(ref reader) is { } text ? Add(text) : Refuse(ref reader, $"\"{key}\" takes a string, a number, true or false.");

        if (!definition.Repeatable)
            return Refuse(ref reader, $"\"{key}\" takes one value, not a list.");

        string? problem = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (Scalar(ref reader) is { } item)
                Add(item);
            else
                problem = Refuse(ref reader, $"\"{key}\" takes a list of strings or numbers.");
        }

        return problem;

        string? Add(string value)
        {
            options.Add(key, value, origin);
            return null;
        }
    }

    private static string Refuse(ref Utf8JsonReader reader, string problem)
    {
        reader.Skip();
        return problem;
    }

    private static string? Scalar(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number => System.Text.Encoding.UTF8.GetString(reader.ValueSpan),
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        _ => null,
    };

    private static DewyException Invalid(string message, string path) => new(ErrorCode.InvalidConfiguration, message)
    {
        Target = path,
        NextStep = "Correct the configuration file; its keys are the flags without dashes.",
    };
}
