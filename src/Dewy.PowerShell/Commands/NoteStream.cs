namespace Dewy.PowerShell.Commands;

/// <summary>Which stream of PowerShell a line belongs to.</summary>
internal enum NoteStream
{
    /// <summary>Milestones.</summary>
    Information,

    /// <summary>What someone should look at.</summary>
    Warning,

    /// <summary>What was done.</summary>
    Verbose,

    /// <summary>Why.</summary>
    Debug,
}
