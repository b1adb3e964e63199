namespace Dewy.Cli.Help;

/// <summary>A flag, argument or command and what it is for.</summary>
internal sealed record HelpRow(string Term, string Text);
