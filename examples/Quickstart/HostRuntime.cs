namespace Dewy.Quickstart;

/// <summary>Lends the host's .NET and the system's libraries to a container, to be read.</summary>
internal static class HostRuntime
{
    /// <summary>Options of <c>docker run</c>.</summary>
    public static IEnumerable<string> RunOptions()
    {
        foreach (var directory in (IEnumerable<string>)["/lib", "/lib64", "/usr/lib", "/usr/lib64", Path.GetDirectoryName(WebProgram.Host) ?? "/usr/share/dotnet"])
        {
            if (Directory.Exists(directory))
            {
                yield return "-v";
                yield return $"{directory}:{directory}:ro";
            }
        }

        // An image that names no user runs as the agent's, but never as root by accident; a .NET that root installed for
        // itself can be read by root alone.
        if (Environment.UserName is "root")
        {
            yield return "--user";
            yield return "0:0";
        }
    }
}
