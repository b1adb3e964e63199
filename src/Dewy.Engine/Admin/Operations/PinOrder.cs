namespace Dewy.Engine.Admin.Operations;

/// <summary>Body of <c>POST /api/pin</c>.</summary>
internal sealed record PinOrder : Order
{
    /// <summary>The tag of a release that is kept or in the registry.</summary>
    public string? Tag { get; init; }
}
