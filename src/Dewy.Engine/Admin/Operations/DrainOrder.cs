namespace Dewy.Engine.Admin.Operations;

/// <summary>Body of <c>POST /api/drain</c>.</summary>
internal sealed record DrainOrder : Order
{
    /// <summary>The replica's name or id.</summary>
    public string? Replica { get; init; }
}
