namespace Dewy.Engine.Composition.Configuration;

/// <summary>What one object of a configuration file says: the whole file's, or one application's.</summary>
internal sealed record FileSection
{
    public static FileSection Empty { get; } = new();

    public IReadOnlyList<FileSetting> Settings { get; init; } = [];

    public IReadOnlyList<FileVariable> Variables { get; init; } = [];
}
