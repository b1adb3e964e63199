namespace Dewy.Engine.Containers.RunOptions;

/// <summary>An option of <c>docker run</c> that Dewy knows.</summary>
/// <param name="Name">Its long name, without dashes.</param>
/// <param name="Short">Its letter; null where it has none.</param>
/// <param name="TakesValue">Whether a value follows; else it is true or false.</param>
internal sealed record RunOptionDefinition(string Name, char? Short = null, bool TakesValue = true)
{
    /// <summary>Why it is refused, the end of a sentence; null where it is understood.</summary>
    public string? Refusal { get; init; }

    /// <summary>Whether <c>--allow-unsafe</c> lets it through.</summary>
    public bool IsUnsafe { get; init; }
}
