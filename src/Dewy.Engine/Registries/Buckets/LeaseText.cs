namespace Dewy.Engine.Registries.Buckets;

/// <summary>What stands in a lease.</summary>
/// <param name="Holder">The host that has it.</param>
/// <param name="Token">Another one each time it is written.</param>
/// <param name="At">When it was written by the holder's clock; for people.</param>
internal sealed record LeaseText(string Holder, Guid Token, DateTimeOffset At);
