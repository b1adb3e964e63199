namespace Dewy.Engine.Containers.RunOptions;

/// <summary>A variable of a container's environment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value; null takes a variable of the image away.</param>
internal sealed record EnvironmentEntry(string Name, string? Value)
{
    /// <summary>As the Engine API wants it.</summary>
    public string ToArgument() => Value is null ? Name : $"{Name}={Value}";

    /// <summary>Never the value.</summary>
    public override string ToString() => Name;
}
