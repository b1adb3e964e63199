namespace Dewy;

/// <summary>An operator's word that nothing is to be deployed for now.</summary>
/// <param name="At">Since when (UTC).</param>
/// <param name="By">Who said so.</param>
public sealed record ReleasePause(DateTimeOffset At, string By)
{
    /// <inheritdoc/>
    public override string ToString() => $"by {By}, {At:u}";
}
