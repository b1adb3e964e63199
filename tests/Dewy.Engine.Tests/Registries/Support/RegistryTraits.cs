namespace Dewy.Engine.Tests.Registries.Support;

/// <summary>What registries of a kind can do; what they cannot is skipped with its reason.</summary>
[Flags]
internal enum RegistryTraits
{
    None = 0,

    /// <summary>Lists many releases, so that Dewy chooses (a gRPC service chooses itself).</summary>
    ListsReleases = 1,

    /// <summary>Releases have named files (images have none).</summary>
    HasFiles = 2,

    /// <summary>A release may have no files for a while.</summary>
    FilesComeLater = 4,

    /// <summary>Takes shipping reports.</summary>
    TakesReports = 8,

    /// <summary>Says that nothing changed without sending it all again.</summary>
    AnswersConditionally = 16,

    /// <summary>Content can be opened from an offset with a validator.</summary>
    Resumes = 32,

    /// <summary>Tags may be any text (an image's tag may not).</summary>
    FreeNames = 64,

    /// <summary>The URL's parameters pre-release and constraint.</summary>
    Criteria = 128,

    /// <summary>Tells when a release was made.</summary>
    TellsAge = 256,

    /// <summary>Everything a registry of files can do.</summary>
    Files = ListsReleases | HasFiles | FilesComeLater | TakesReports | Resumes | FreeNames | Criteria | TellsAge,
}
