namespace Dewy;

/// <summary>What asking the registry was worth.</summary>
public enum PollOutcome
{
    /// <summary>The answer differs from the last one.</summary>
    Changed,

    /// <summary>The answer is the same.</summary>
    Unchanged,

    /// <summary>The registry said so itself, at no cost.</summary>
    NotModified,

    /// <summary>There was no usable answer.</summary>
    Failed,
}
