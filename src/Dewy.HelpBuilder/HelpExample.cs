namespace Dewy.HelpBuilder;

/// <summary>An example: what it shows, the code, and what to know about it.</summary>
internal sealed record HelpExample(string Title, string Code, IReadOnlyList<string> Remarks);
