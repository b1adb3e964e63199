namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>The ways an archive can be refused.</summary>
internal static class ArchiveFailure
{
    /// <summary>The phase named in every failure of this capability.</summary>
    public const string Phase = "extract";

    private const int ShownNameLength = 200;

    /// <summary>Damaged, cut short, or not what its name says.</summary>
    public static DewyException Corrupt(string message, Exception? cause = null) => new(ErrorCode.ArchiveCorrupt, message, cause)
    {
        Phase = Phase,
        NextStep = "Check that the release's artifact opens with ordinary tools and publish it again; a damaged copy in the cache is fetched anew with -Force.",
    };

    /// <summary>An entry that would do harm.</summary>
    public static DewyException Unsafe(string entryName, string reason) => new(ErrorCode.ArchiveUnsafe, $"Entry '{Show(entryName)}' is refused: {reason}.")
    {
        Phase = Phase,
        Target = Show(entryName),
        NextStep = "Build the artifact without that entry; nothing of it was deployed.",
    };

    /// <summary>A format, method or feature Dewy does not read.</summary>
    public static DewyException Unsupported(string message, string nextStep, Exception? cause = null) => new(ErrorCode.ArchiveUnsupported, message, cause)
    {
        Phase = Phase,
        NextStep = nextStep,
    };

    /// <summary>More than the limits allow.</summary>
    public static DewyException Bomb(string entryName, string reason) => new(ErrorCode.ArchiveBomb, $"Extraction stopped at entry '{Show(entryName)}': {reason}.")
    {
        Phase = Phase,
        Target = Show(entryName),
        NextStep = "If the artifact is meant to be that large, raise the extraction limits; otherwise find out who published it.",
    };

    /// <summary>A name fit for one line of a log: control characters as <c>\xNN</c>, cut at 200 characters.</summary>
    public static string Show(string name)
    {
        var cut = name.Length > ShownNameLength ? name[..ShownNameLength] + "…" : name;
        return cut.Any(char.IsControl) ? string.Concat(cut.Select(character => char.IsControl(character) ? $"\\x{(int)character:x2}" : $"{character}")) : cut;
    }
}
