namespace Dewy.Benchmarks.Proxy;

/// <summary>A proxy that takes part.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Tool">The program that must be installed; null for our own.</param>
/// <param name="IsTcp">Whether it passes bytes on, not requests.</param>
/// <param name="Prepare">Writes what it needs into a directory, given its port and the backend's, and says how it is started.</param>
internal sealed record Contender(string Name, string? Tool, bool IsTcp, Func<string, int, int, Task<string[]>> Prepare);
