using System.Text;
using Dewy.Engine.Diagnostics;

namespace Dewy.Engine.Containers.RunOptions.Values;

/// <summary>
/// Reads variables as the Docker CLI does: <c>NAME=value</c>; a bare <c>NAME</c> takes the agent's own value, and takes the
/// image's away where the agent has none. The agent's own secrets need the agent's leave (<c>--pass-env</c>).
/// </summary>
internal sealed class EnvironmentReader(RunOptionContext context)
{
    private const int LargestFileBytes = 1 << 20;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public IEnumerable<EnvironmentEntry> Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (text.Length == 0 || equals == 0)
            throw new FormatException("the variable has no name");
        if (text.Contains('\0', StringComparison.Ordinal))
            throw new FormatException("a variable cannot hold a zero byte");
        return [equals > 0 ? new EnvironmentEntry(text[..equals], text[(equals + 1)..]) : Inherit(text)];
    }

    /// <summary>Lines of <c>NAME=value</c> or <c>NAME</c>; quotes and spaces in values stay; comments begin with <c>#</c> in the first column.</summary>
    public IEnumerable<EnvironmentEntry> ReadFile(string path)
    {
        if (path.Length == 0)
            throw new FormatException("it needs the path of a file");
        var full = Path.GetFullPath(path, context.BaseDirectory);
        var entries = new List<EnvironmentEntry>();
        var number = 0;
        foreach (var line in ReadText(full).Split('\n').Select(line => line.TrimEnd('\r').TrimStart()))
        {
            number++;
            if (line.Length == 0 || line.StartsWith('#'))
                continue;
            var name = line.Split('=')[0];
            if (name.Any(char.IsWhiteSpace))
                throw new FormatException($"line {number} of {full} has a space in the variable's name");
            try
            {
                entries.AddRange(Read(line));
            }
            catch (FormatException exception)
            {
                throw new FormatException($"line {number} of {full}: {exception.Message}", exception);
            }
        }

        return entries;
    }

    private static string ReadText(string path)
    {
        try
        {
            if (new FileInfo(path).Length > LargestFileBytes)
                throw new FormatException($"{path} has more than {LargestFileBytes >> 20} MiB");
            return StrictUtf8.GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException exception)
        {
            throw new FormatException($"{path} is not UTF-8", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    private EnvironmentEntry Inherit(string name)
    {
        if (!context.Environment.TryGetValue(name, out var value))
            return new EnvironmentEntry(name, Value: null);
        return SecretVariables.IsSecret(name) && !context.PassedVariables.Contains(name, StringComparer.Ordinal)
            ? throw new FormatException($"{name} is a secret of the agent itself; if the application is to have it, give --pass-env {name} as well")
            : new EnvironmentEntry(name, value);
    }
}
