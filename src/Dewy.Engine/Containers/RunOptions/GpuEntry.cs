namespace Dewy.Engine.Containers.RunOptions;

/// <summary>GPUs a container gets.</summary>
/// <param name="Count">How many; -1 for all, 0 where they are named.</param>
/// <param name="Ids">Their numbers or ids.</param>
/// <param name="Driver">The driver; null for the engine's choice.</param>
/// <param name="Capabilities">What they must be able to do, <c>gpu</c> included.</param>
internal sealed record GpuEntry(long Count, IReadOnlyList<string> Ids, string? Driver, IReadOnlyList<string> Capabilities);
