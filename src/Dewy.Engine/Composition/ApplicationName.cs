namespace Dewy.Engine.Composition;

/// <summary>The name of an application that nobody named.</summary>
internal static class ApplicationName
{
    /// <summary>The last word of the registry's path, else of its authority, else of the root.</summary>
    public static string From(ApplicationOptions options) =>
        LastWord(options.Registry.Path) ?? LastWord(options.Registry.Host) ?? LastWord(options.Deployment.Root) ?? "dewy";

    private static string? LastWord(string path) =>
        path.Split(['/', '\\'], StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
}
