using System.Management.Automation;

namespace Dewy.PowerShell.Commands;

/// <summary>
/// Lets a hook be a script block. Hooks are command lines run in a process of their own, with a time limit and their
/// variables in the environment, so the block becomes the command line of a pwsh: it sees <c>$env:DEWY_TAG</c> and its
/// kin, and none of this session's variables.
/// </summary>
internal sealed class HookCommandAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        ArgumentNullException.ThrowIfNull(engineIntrinsics);
        return inputData is ScriptBlock or PSObject { BaseObject: ScriptBlock }
            ? CommandLine(inputData.ToString() ?? "", engineIntrinsics.SessionState)
            : inputData;
    }

    // The script stays readable: logs, notifications and the history show the command line.
    private static string CommandLine(string script, SessionState session) =>
        OperatingSystem.IsWindows()
            ? script // hooks are run by pwsh itself
            : $"{Quoted(FindPwsh(session))} -NoLogo -NoProfile -NonInteractive -Command {Quoted(script)}";

    /// <summary>One word for sh.</summary>
    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string FindPwsh(SessionState session)
    {
        if (Path.GetFileName(Environment.ProcessPath) is "pwsh" && Environment.ProcessPath is { } own)
            return own;
        return session.PSVariable.GetValue("PSHOME") is string home && Path.Combine(home, "pwsh") is var beside && File.Exists(beside)
            ? beside
            : "pwsh";
    }
}
