namespace Dewy.Engine.Deployment;

/// <summary>A release directory being made.</summary>
/// <param name="Name">The name it has taken.</param>
/// <param name="PartialPath">Where its content goes: an empty directory, absolute.</param>
/// <param name="Path">Where it will be once complete.</param>
/// <param name="Record">What is known of it.</param>
internal sealed record StagedRelease(ReleaseName Name, string PartialPath, string Path, ReleaseRecord Record);
