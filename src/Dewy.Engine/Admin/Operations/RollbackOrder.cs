namespace Dewy.Engine.Admin.Operations;

/// <summary>Body of <c>POST /api/rollback</c>.</summary>
internal sealed record RollbackOrder : Order
{
    /// <summary>A tag or a release directory's name; null for the release before.</summary>
    public string? To { get; init; }

    /// <summary>Whether a newer release ends the pin that a rollback sets.</summary>
    public bool UntilNewer { get; init; }
}
