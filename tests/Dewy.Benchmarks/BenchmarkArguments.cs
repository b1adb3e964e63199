using System.Globalization;

namespace Dewy.Benchmarks;

/// <summary><c>--name value</c> pairs and bare <c>--name</c> switches of one benchmark.</summary>
internal sealed class BenchmarkArguments(string[] arguments)
{
    public bool Has(string name) => Array.IndexOf(arguments, $"--{name}") >= 0;

    public string? Text(string name) =>
        Array.IndexOf(arguments, $"--{name}") is >= 0 and var at && at + 1 < arguments.Length ? arguments[at + 1] : null;

    public int Number(string name, int otherwise) =>
        Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>A size such as <c>1GiB</c>, <c>200MiB</c> or plain bytes.</summary>
    public long Size(string name, long otherwise)
    {
        if (Text(name) is not { } text)
            return otherwise;
        foreach (var (unit, shift) in new[] { ("KiB", 10), ("MiB", 20), ("GiB", 30) })
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
                return long.Parse(text[..^unit.Length], CultureInfo.InvariantCulture) << shift;
        }

        return long.Parse(text, CultureInfo.InvariantCulture);
    }
}
