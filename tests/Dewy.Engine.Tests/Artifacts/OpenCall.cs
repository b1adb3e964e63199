namespace Dewy.Engine.Tests.Artifacts;

internal sealed record OpenCall(string Name, long Offset, string? Validator);
