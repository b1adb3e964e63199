using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Docker.DotNet.Models;

namespace Dewy.Engine.Containers.RunOptions.Values;

/// <summary>Reads values that are a word or two.</summary>
internal static partial class WordReader
{
    private static readonly string[] Signals =
    [
        "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL", "PIPE", "POLL", "PROF", "PWR", "QUIT", "SEGV",
        "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU", "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ",
    ];

    /// <summary>A switch; true where it was given without a value.</summary>
    public static bool Switch(string? text) => text switch
    {
        null or "true" or "1" or "t" or "T" or "TRUE" or "True" => true,
        "false" or "0" or "f" or "F" or "FALSE" or "False" => false,
        _ => throw new FormatException("it is either true or false"),
    };

    public static string User(string text) =>
        text.Length > 0 && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) && text.Count(c => c == ':') <= 1 && text[0] != ':'
            ? text
            : throw new FormatException($"'{text}' is no user[:group]");

    public static string Name(string text) =>
        NameShape().IsMatch(text) ? text : throw new FormatException($"'{text}' is no name: letters, digits, _ . - , at least two of them and the first a letter or digit");

    public static string ContainerPath(string text) =>
        text.StartsWith('/') || (text.Length > 2 && text[1] == ':' && char.IsAsciiLetter(text[0])) ? text : throw new FormatException($"'{text}' is no absolute path in the container");

    public static string HostName(string text) =>
        text.Length <= 253 && HostNameShape().IsMatch(text) ? text : throw new FormatException($"'{text}' is no host name");

    public static string Driver(string text) =>
        text.Length > 0 && !text.Any(char.IsWhiteSpace) ? text : throw new FormatException("it needs the name of a log driver");

    public static string Signal(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var name = text.ToUpperInvariant();
        name = name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name;
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 64;
        return isNumber || Signals.Contains(name, StringComparer.Ordinal) || RealTimeSignal().IsMatch(name) ? text : throw new FormatException($"'{text}' is no signal such as SIGQUIT");
    }

    public static RestartEntry Restart(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(':');
        return parts switch
        {
            ["no"] => RestartEntry.Never,
            ["always"] => new RestartEntry(RestartPolicyKind.Always, 0),
            ["unless-stopped"] => new RestartEntry(RestartPolicyKind.UnlessStopped, 0),
            ["on-failure"] => new RestartEntry(RestartPolicyKind.OnFailure, 0),
            ["on-failure", var most] when int.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out var retries) => new RestartEntry(RestartPolicyKind.OnFailure, retries),
            _ => throw new FormatException($"'{text}' is none of no, always, unless-stopped, on-failure, on-failure:<retries>"),
        };
    }

    /// <summary><c>key=value</c>; only the key is ever quoted.</summary>
    public static (string Key, string Value) Pair(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? (text[..equals], text[(equals + 1)..]) : throw new FormatException("write it as key=value");
    }

    public static (string Key, string Value) Label(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var key = equals < 0 ? text : text[..equals];
        if (key.Trim().Length == 0)
            throw new FormatException("the label has no name");
        return key.StartsWith(ContainerLabels.Prefix, StringComparison.OrdinalIgnoreCase)
            ? throw new FormatException($"'{key}' begins with dewy., by which Dewy knows its own containers")
            : (key, equals < 0 ? "" : text[(equals + 1)..]);
    }

    /// <summary><c>name:address</c> or <c>name=address</c>, as <c>name:address</c>.</summary>
    public static string ExtraHost(string text)
    {
        var separator = text.IndexOfAny([':', '=']);
        if (separator <= 0)
            throw new FormatException($"'{text}' is no name:address");
        var address = text[(separator + 1)..];
        return $"{text[..separator]}:{(address is "host-gateway" ? address : Address(address.Trim('[', ']')))}";
    }

    public static string Address(string text) =>
        IPAddress.TryParse(text, out var address) && (text.Contains(':', StringComparison.Ordinal) || text.Count(c => c == '.') == 3) ? address.ToString() : throw new FormatException($"'{text}' is no IP address");

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_.-]+\z", RegexOptions.NonBacktracking)]
    private static partial Regex NameShape();

    [GeneratedRegex(@"\A[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex HostNameShape();

    [GeneratedRegex(@"\ARTM(IN(\+[0-9]{1,2})?|AX(-[0-9]{1,2})?)\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex RealTimeSignal();
}
