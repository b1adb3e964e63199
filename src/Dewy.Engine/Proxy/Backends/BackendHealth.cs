namespace Dewy.Engine.Proxy.Backends;

/// <summary>What is known of a backend's health.</summary>
/// <param name="IsHealthy">Whether it gets requests.</param>
/// <param name="Problem">What the last failed check or request found; null while nothing is wrong.</param>
/// <param name="Since">Since when it has been healthy or not.</param>
internal sealed record BackendHealth(bool IsHealthy, string? Problem, DateTimeOffset Since);
