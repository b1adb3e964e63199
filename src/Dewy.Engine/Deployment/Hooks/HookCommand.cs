namespace Dewy.Engine.Deployment.Hooks;

/// <summary>The program that understands a hook's command line.</summary>
internal static class HookCommand
{
    /// <summary><c>sh -c</c> on Unix; on Windows <c>pwsh</c> where it is on the path, else <c>cmd /c</c>.</summary>
    public static (string Program, IReadOnlyList<string> Arguments) For(string commandLine, IReadOnlyDictionary<string, string> environment)
    {
        if (!OperatingSystem.IsWindows())
            return ("/bin/sh", ["-c", commandLine]);
        var search = environment.FirstOrDefault(pair => pair.Key.Equals("PATH", StringComparison.OrdinalIgnoreCase)).Value ?? "";
        return search.Split(Path.PathSeparator).Any(directory => File.Exists(Path.Combine(directory, "pwsh.exe")))
            ? ("pwsh.exe", ["-NoProfile", "-NonInteractive", "-Command", commandLine])
            : ("cmd.exe", ["/d", "/s", "/c", commandLine]);
    }
}
