namespace Dewy;

/// <summary>A release that is wanted and left alone for now.</summary>
/// <param name="Tag">The release.</param>
/// <param name="Reason">Pause, window, minimum age, block or downgrade, in one sentence.</param>
/// <param name="Since">When it was first held back (UTC).</param>
public sealed record HeldRelease(string Tag, string Reason, DateTimeOffset Since)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Tag} since {Since:u}: {Reason}";
}
