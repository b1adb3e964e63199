namespace Dewy;

/// <summary>The proxy has closed its listeners and its last request has ended.</summary>
/// <param name="Ended">Requests that had to be ended because the drain time was over.</param>
public sealed record ProxyStopped(int Ended) : EngineEvent;
