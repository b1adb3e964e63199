using System.CommandLine;

namespace Dewy.Cli;

/// <summary>A command line taken apart.</summary>
/// <param name="Parsed">Everything before <c>--</c>.</param>
/// <param name="Program">Everything after <c>--</c>; null where there was no <c>--</c>.</param>
internal sealed record Invocation(ParseResult Parsed, IReadOnlyList<string>? Program);
