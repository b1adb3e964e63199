namespace Dewy.Engine.Releases;

/// <summary>Why a release does not count.</summary>
internal enum RefusalReason
{
    /// <summary>The tag is no version of the scheme.</summary>
    NotAVersion,

    /// <summary>A pre-release, by its version or because the registry marks it as one, where none are wanted.</summary>
    PreRelease,

    /// <summary>It is in another slot, or in none.</summary>
    Slot,

    /// <summary>The version is outside the range.</summary>
    Constraint,
}
