namespace Dewy.Engine.Processes;

/// <summary>Names of the signals that ask programs to end, as <c>kill -l</c> has them.</summary>
internal static class SignalName
{
    public static string Of(int signal) => signal switch
    {
        1 => "HUP",
        2 => "INT",
        3 => "QUIT",
        9 => "KILL",
        10 when !OperatingSystem.IsMacOS() => "USR1",
        12 when !OperatingSystem.IsMacOS() => "USR2",
        30 when OperatingSystem.IsMacOS() => "USR1",
        31 when OperatingSystem.IsMacOS() => "USR2",
        15 => "TERM",
        28 => "WINCH",
        _ => signal.ToString(),
    };
}
