namespace Dewy.Engine.Artifacts.Caching.Shared;

/// <summary>What one fetch has found out about the bucket.</summary>
internal sealed class SharedAttempt
{
    /// <summary>Validator of a description whose content was of no use; null while there was none.</summary>
    public string? Refused { get; set; }
}
