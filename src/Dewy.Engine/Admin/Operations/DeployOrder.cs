namespace Dewy.Engine.Admin.Operations;

/// <summary>Body of <c>POST /api/deploy</c>.</summary>
internal sealed record DeployOrder : Order
{
    /// <summary>Try a blocked release again, and do not wait for windows or ages.</summary>
    public bool Force { get; init; }
}
