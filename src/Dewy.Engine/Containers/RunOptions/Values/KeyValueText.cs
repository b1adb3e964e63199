using System.Text;

namespace Dewy.Engine.Containers.RunOptions.Values;

/// <summary>Splits <c>key=value,"key=value, with a comma",key</c> as the Docker CLI does: one record of CSV.</summary>
internal static class KeyValueText
{
    /// <summary>The pairs, keys in lower case; a value is null where there was no equals sign.</summary>
    public static IReadOnlyList<(string Key, string? Value)> Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var pairs = new List<(string, string?)>();
        foreach (var field in Fields(text))
        {
            var equals = field.IndexOf('=', StringComparison.Ordinal);
            var key = (equals < 0 ? field : field[..equals]).Trim().ToLowerInvariant();
            if (key.Length == 0)
                throw new FormatException("it has a part without a name; write key=value,key=value");
            pairs.Add((key, equals < 0 ? null : field[(equals + 1)..]));
        }

        return pairs;
    }

    private static IEnumerable<string> Fields(string text)
    {
        var field = new StringBuilder();
        var quoted = false;
        for (var at = 0; at < text.Length; at++)
        {
            var c = text[at];
            if (quoted && c == '"' && at + 1 < text.Length && text[at + 1] == '"')
                field.Append(text[++at]);
            else if (c == '"')
            {
                // As CSV has it: around a whole part, never in its middle.
                if (quoted ? at + 1 < text.Length && text[at + 1] != ',' : field.Length > 0)
                    throw new FormatException("a quotation mark stands in the middle of a part; put the whole key=value in quotes");
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                yield return field.ToString();
                field.Clear();
            }
            else
                field.Append(c);
        }

        if (quoted)
            throw new FormatException("a quotation mark is not closed");
        yield return field.ToString();
    }
}
