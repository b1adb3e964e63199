namespace Dewy;

/// <summary>The proxy accepts connections.</summary>
/// <param name="Addresses">Where, as a person would write it.</param>
public sealed record ProxyStarted(IReadOnlyList<string> Addresses) : EngineEvent;
