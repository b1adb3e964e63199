namespace Dewy.Engine.Containers.RunOptions;

/// <summary>A limit of a container's processes; -1 is none.</summary>
internal sealed record UlimitEntry(string Name, long Soft, long Hard);
