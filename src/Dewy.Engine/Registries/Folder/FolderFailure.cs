namespace Dewy.Engine.Registries.Folder;

/// <summary>Tells what a failed read of a registry's folder means.</summary>
internal static class FolderFailure
{
    public static DewyException Explain(Exception exception, string path) => exception switch
    {
        DirectoryNotFoundException or FileNotFoundException => new DewyException(ErrorCode.RegistryNotFound, $"There is no folder {path}.", exception)
        {
            Phase = "check",
            Target = path,
            NextStep = "Correct the path of --registry, or mount the share it is on.",
        },
        UnauthorizedAccessException => new DewyException(ErrorCode.RegistryUnauthorized, $"Not allowed to read {path}.", exception)
        {
            Phase = "check",
            Target = path,
            NextStep = "Give the agent's user read access to the folder and everything in it.",
        },
        _ => new DewyException(ErrorCode.RegistryUnavailable, $"{path} cannot be read: {exception.Message}", exception)
        {
            Phase = "check",
            Target = path,
            NextStep = "Check the disk or the share it is on; the agent tries again by itself.",
        },
    };
}
