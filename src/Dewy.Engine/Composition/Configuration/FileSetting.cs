namespace Dewy.Engine.Composition.Configuration;

/// <summary>An option that a configuration file sets.</summary>
/// <param name="Option">Which one.</param>
/// <param name="Values">Its values, in their order.</param>
/// <param name="Position">Where its key stands.</param>
internal sealed record FileSetting(OptionDefinition Option, IReadOnlyList<FileText> Values, TextPosition Position);
