namespace Dewy;

/// <summary>One step of a plan as a person reads it.</summary>
/// <param name="Name">Stable name, such as <c>extract</c>.</param>
/// <param name="Description">What it will do, with the things it touches.</param>
public sealed record PlanStep(string Name, string Description)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Description}";
}
