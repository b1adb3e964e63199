using System.Globalization;
using Dewy.Engine.Processes;
using Dewy.Engine.Proxy;

namespace Dewy.Engine.Composition;

/// <summary>Reads where to listen and, in container mode, the port inside the container: <c>8000:8080</c>, <c>127.0.0.1:8000:8080</c>.</summary>
internal static class PortText
{
    /// <exception cref="DewyException"><see cref="ErrorCode.InvalidOption"/> with the text that is wrong.</exception>
    public static IReadOnlyList<PortMapping> Parse(IReadOnlyList<string> texts, bool namesTarget)
    {
        var mappings = new List<PortMapping>();
        foreach (var text in texts)
        {
            var (listen, target) = namesTarget ? Split(text) : (text, null);
            var addresses = ListenAddress.ParseAll([listen]);
            mappings.AddRange(addresses.Select(address => new PortMapping(address, target, IsTcp: false)));
        }

        _ = ListenAddress.ParseAll(mappings.Select(mapping => mapping.Listen.Spec)); // none twice
        return mappings;
    }

    /// <summary>
    /// The last of two or more numbers is the target; what comes before a single number is a host, which is never a bare
    /// number itself.
    /// </summary>
    private static (string Listen, int? Target) Split(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var last))
            return (text, null);
        var before = text[..colon];
        var port = before[(before.LastIndexOf(':') + 1)..];
        if (port.AsSpan().ContainsAny(',', '-') && port.All(letter => char.IsAsciiDigit(letter) || letter is ',' or '-'))
            throw new FormatException($"'{text}' maps several ports to one");
        if (before.EndsWith(']') || !int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return (text, null); // a host before it: that number is the port
        return last is > 0 and <= 65535 ? (before, last) : throw new FormatException($"'{text}': {last} is not a port from 1 to 65535");
    }
}
