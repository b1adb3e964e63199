namespace Dewy.Engine.Checks;

/// <summary>One look at one thing.</summary>
/// <param name="Name">Stable name.</param>
/// <param name="Target">What is looked at, without secrets; null where the name says it.</param>
/// <param name="LookAsync">Looks; may fail, and is ended when it takes too long.</param>
internal sealed record Check(string Name, string? Target, Func<CancellationToken, Task<CheckFinding>> LookAsync)
{
    /// <summary>A look that waits for nothing but the disk.</summary>
    public Check(string name, string? target, Func<CheckFinding> look)
        : this(name, target, cancellationToken => Task.Run(look, cancellationToken))
    {
    }
}
