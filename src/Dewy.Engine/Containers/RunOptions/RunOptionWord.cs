namespace Dewy.Engine.Containers.RunOptions;

/// <summary>An option as it was given.</summary>
/// <param name="Definition">Which one.</param>
/// <param name="Origin">How it was spelled, without its value: <c>-e</c>.</param>
/// <param name="Value">Its value; null where it is a switch that was given without one.</param>
internal sealed record RunOptionWord(RunOptionDefinition Definition, string Origin, string? Value)
{
    /// <summary>Never the value.</summary>
    public override string ToString() => Origin;
}
