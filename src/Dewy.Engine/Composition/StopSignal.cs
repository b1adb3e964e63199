using System.Globalization;

namespace Dewy.Engine.Composition;

/// <summary>Signals by name, as this operating system numbers them.</summary>
internal static class StopSignal
{
    /// <summary>Numbers of the signals that ask a program to end or to wind down (signal(7); BSD numbers on macOS).</summary>
    private static readonly Dictionary<string, int> Numbers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["HUP"] = 1,
        ["INT"] = 2,
        ["QUIT"] = 3,
        ["TERM"] = 15,
        ["USR1"] = OperatingSystem.IsMacOS() ? 30 : 10,
        ["USR2"] = OperatingSystem.IsMacOS() ? 31 : 12,
        ["WINCH"] = 28,
    };

    /// <summary>Reads <c>TERM</c>, <c>SIGTERM</c> or <c>15</c>.</summary>
    /// <exception cref="FormatException">The text is no signal that can ask a program to end.</exception>
    public static int Parse(string text)
    {
        var name = text.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) ? text[3..] : text;
        if (Numbers.TryGetValue(name, out var number))
            return number;

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && Numbers.ContainsValue(number))
            return number;

        throw new FormatException($"'{text}' is not one of {string.Join(", ", Numbers.Keys)}");
    }
}
