namespace Dewy.Engine.Containers.RunOptions;

/// <summary>A network a container joins, and what it is called there besides its name.</summary>
internal sealed record NetworkEntry(string Name, IReadOnlyList<string> Aliases);
