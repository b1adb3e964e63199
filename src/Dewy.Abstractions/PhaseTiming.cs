namespace Dewy;

/// <summary>How long one phase of a deployment took.</summary>
/// <param name="Phase">Name of the phase, such as <c>fetch</c>.</param>
/// <param name="Duration">Its duration.</param>
public sealed record PhaseTiming(string Phase, TimeSpan Duration)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Phase} {Duration.TotalSeconds:0.00} s";
}
