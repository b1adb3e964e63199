namespace Dewy.Engine.Composition.Configuration;

/// <summary>A value as it stands in a configuration file, references and all.</summary>
/// <param name="Text">Its text; what is no string as JSON writes it.</param>
/// <param name="Position">Where it stands.</param>
internal sealed record FileText(string Text, TextPosition Position);
