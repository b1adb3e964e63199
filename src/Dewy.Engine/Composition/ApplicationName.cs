using System.Text.RegularExpressions;

namespace Dewy.Engine.Composition;

/// <summary>What applications may be called, and the name of one that nobody named.</summary>
internal static partial class ApplicationName
{
    /// <summary>What an application may be called, as a regular expression.</summary>
    public const string Pattern = "^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$";

    /// <summary>The last word of the registry's path, else of its authority, else of the root.</summary>
    public static string From(ApplicationOptions options) =>
        LastWord(options.Registry.Path) ?? LastWord(options.Registry.Host) ?? LastWord(options.Deployment.Root) ?? "dewy";

    /// <summary>Why a name cannot be that of one of several applications, to stand behind it; null where it can. Containers and directories are called so.</summary>
    public static string? WhyUnfit(string name) => Shape().IsMatch(name) && !name.EndsWith('\n')
        ? null
        : "is no name for an application: letters, digits, dots, dashes and underscores, 63 at most, the first and the last a letter or digit";

    private static string? LastWord(string path) =>
        path.Split(['/', '\\'], StringSplitOptions.RemoveEmptyEntries).LastOrDefault();

    [GeneratedRegex(Pattern, RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();
}
