namespace Dewy.PowerShell.Commands;

/// <summary>Says which option of the engine a parameter fills.</summary>
/// <param name="name">Long flag name without dashes, such as <c>health-path</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DewyOptionAttribute(string name) : Attribute
{
    public string Name { get; } = name;

    /// <summary>How the parameter's value becomes text.</summary>
    public OptionForm Form { get; init; }
}
