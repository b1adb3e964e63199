namespace Dewy.PowerShell.Completion;

/// <summary>A word that completes what was typed, and what is said about it.</summary>
internal sealed record Suggestion(string Word, string ToolTip);
