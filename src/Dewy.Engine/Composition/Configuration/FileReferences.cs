using System.Text;
using System.Text.RegularExpressions;

namespace Dewy.Engine.Composition.Configuration;

/// <summary>
/// Follows references in the values of a configuration file: <c>${env:NAME}</c> to a variable of the agent's environment,
/// <c>${file:/path}</c> to a file, relative ones meant from the configuration file. <c>$${</c> stands for <c>${</c> itself,
/// and any other <c>${</c> is left alone: hooks are command lines of a shell.
/// </summary>
internal sealed partial class FileReferences
{
    /// <summary>Largest file, in bytes, that is taken for a value.</summary>
    public const int MaxFileSize = 64 << 10;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _path;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly OptionProblems _problems;

    /// <param name="path">Absolute path of the configuration file.</param>
    /// <param name="environment">The agent's own environment.</param>
    /// <param name="problems">Takes references that lead nowhere.</param>
    public FileReferences(string path, IReadOnlyDictionary<string, string> environment, OptionProblems problems)
    {
        _path = path;
        _environment = environment;
        _problems = problems;
    }

    /// <summary>The text of a value; null where a reference in it leads nowhere, which is then said.</summary>
    /// <param name="value">As it stands in the file.</param>
    /// <param name="options">Learns what was found, so that nobody shows it.</param>
    /// <param name="hidesValues">False where the value can be no secret: a path, a port, a number.</param>
    public string? Follow(FileText value, OptionSet options, bool hidesValues)
    {
        ArgumentNullException.ThrowIfNull(value);
        var leadsNowhere = false;
        var text = Reference().Replace(value.Text, match =>
        {
            if (match.ValueSpan is "$${")
                return "${";
            var found = Find(match.Groups["kind"].Value, match.Groups["target"].Value, match.ValueSpan.EndsWith('}'), value.Position);
            leadsNowhere |= found is null;
            if (hidesValues && found is not null)
                options.AddSecret(found);
            return found ?? "";
        });
        return leadsNowhere ? null : text;
    }

    private string? Find(string kind, string target, bool isClosed, TextPosition position)
    {
        if (!isClosed)
            return Refuse(position, $"the reference ${{{kind}:… has no closing brace; write $${{ for ${{ itself");
        return kind switch
        {
            "env" when _environment.TryGetValue(target, out var found) => found,
            "env" => Refuse(position, $"the environment variable {target} is not set"),
            "file" => ReadFile(target, position),
            _ => Refuse(position, $"there is no reference of the kind '{kind}'.{Suggestion.Sentence(kind, ["env", "file"])} Write ${{env:NAME}}, ${{file:/path}}, or $${{ for ${{ itself"),
        };
    }

    private string? ReadFile(string target, TextPosition position)
    {
        var file = Path.GetFullPath(target, Path.GetDirectoryName(_path) ?? "/");
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[MaxFileSize + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > MaxFileSize)
                return Refuse(position, $"{file} is larger than {MaxFileSize >> 10} KiB");
            var text = Strict.GetString(bytes, 0, length);
            return text.Contains('\0', StringComparison.Ordinal) ? Refuse(position, $"{file} is no text") : WithoutLineEnd(text);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Refuse(position, $"{file} cannot be read: {exception.Message}");
        }
        catch (DecoderFallbackException)
        {
            return Refuse(position, $"{file} is no text in UTF-8");
        }
    }

    /// <summary>Editors and echo end a file with a line break that nobody means.</summary>
    private static string WithoutLineEnd(string text) =>
        text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;

    private string? Refuse(TextPosition position, string problem)
    {
        _problems.AddInFile(_path, position, problem, "Correct the reference, or give the agent what it refers to.");
        return null;
    }

    // What a shell makes of ${NAME:…} never has a letter or a path behind the colon.
    [GeneratedRegex(@"\$\$\{|\$\{(?<kind>env|file):(?<target>[^{}]*)\}?|\$\{(?<kind>[a-z]+):(?<target>[A-Za-z_./][^{}]*)\}", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();
}
