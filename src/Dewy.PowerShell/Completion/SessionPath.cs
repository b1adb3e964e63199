using System.Management.Automation;

namespace Dewy.PowerShell.Completion;

/// <summary>Paths as the session sees them: a completer has no SessionState of its own.</summary>
internal static class SessionPath
{
    /// <summary>The current location of the file system.</summary>
    public static string Location => Ask("$ExecutionContext.SessionState.Path.CurrentFileSystemLocation.ProviderPath");

    /// <summary>Absolute path of the file system, which need not exist; empty where there can be none.</summary>
    public static string Resolve(string path) => Ask("$ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($args[0])", path);

    private static string Ask(string script, params object[] arguments)
    {
        // This shell runs in the session's own scope.
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddScript(script);
        foreach (var argument in arguments)
            shell.AddArgument(argument);
        try
        {
            return shell.Invoke<string>() is [var answer, ..] ? answer : "";
        }
        catch (RuntimeException)
        {
            return "";
        }
    }
}
