namespace Dewy.Engine.Agent;

/// <summary>A replica that runs and does not answer.</summary>
/// <param name="Replica">Its name.</param>
/// <param name="Reason">What was found.</param>
/// <param name="Since">Since when (UTC).</param>
/// <param name="ReplaceAt">When it is replaced unless it recovers (UTC).</param>
public sealed record Ailment(string Replica, string Reason, DateTimeOffset Since, DateTimeOffset ReplaceAt)
{
    /// <summary>The last lines it wrote, secrets removed; empty where it wrote nothing or could not be asked.</summary>
    public string LastOutput { get; init; } = "";
}
