namespace Dewy.Engine.Processes;

/// <summary>The supervised command.</summary>
internal static class ServerCommand
{
    /// <summary>
    /// The command with <c>./current</c> spelled out as one release's directory: to start a release again while
    /// <c>current</c> points to another.
    /// </summary>
    public static IReadOnlyList<string> In(LiveRelease release, IReadOnlyList<string> command, string root)
    {
        if (release.Directory is not { } directory)
            return command;
        return [.. command.Select(Spelled)];

        string Spelled(string argument)
        {
            foreach (var current in new[] { "./current", "current", Path.Combine(root, "current") })
            {
                if (string.Equals(argument, current, StringComparison.Ordinal))
                    return directory;
                if (argument.StartsWith(current + "/", StringComparison.Ordinal))
                    return directory + argument[current.Length..];
            }

            return argument;
        }
    }
}
