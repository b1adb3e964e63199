namespace Dewy.Engine.Composition;

/// <summary>One application's options as they were given, complete, and what they came to.</summary>
public sealed record BoundApplication(OptionSet Given, ApplicationOptions Options);
