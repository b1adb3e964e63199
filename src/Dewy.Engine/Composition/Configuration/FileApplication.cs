namespace Dewy.Engine.Composition.Configuration;

/// <summary>One of several applications in a configuration file.</summary>
/// <param name="Name">The key it stands under.</param>
/// <param name="Section">What is said of it alone.</param>
/// <param name="Position">Where its name stands.</param>
internal sealed record FileApplication(string Name, FileSection Section, TextPosition Position);
