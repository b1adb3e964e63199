namespace Dewy.Engine.Tests.Registries.Support;

/// <summary>A file of a release that a test publishes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record PublishedFile(string Name, byte[] Content)
{
    /// <summary>A file for the host of the contract's tests.</summary>
    public static PublishedFile ForLinux { get; } = new("app_linux_amd64.tar.gz", [.. "content of the archive"u8]);
}
