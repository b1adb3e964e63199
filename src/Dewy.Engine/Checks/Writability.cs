using System.Runtime.InteropServices;
using Dewy.Engine.Processes;

namespace Dewy.Engine.Checks;

/// <summary>Whether a directory could be written, found out without writing.</summary>
internal static class Writability
{
    /// <summary>Looks at a directory, and where there is none at what it would be created in.</summary>
    /// <param name="directory">Absolute path.</param>
    /// <param name="nextStep">What to do where it cannot be written.</param>
    public static CheckFinding Of(string directory, string nextStep)
    {
        if (File.Exists(directory))
            return CheckFinding.Failed(ErrorCode.InvalidOption, $"{directory} is a file, not a directory.", nextStep);
        var existing = Existing(directory);
        if (existing is null)
            return CheckFinding.Failed(ErrorCode.RootReadOnly, $"{directory} cannot be created: nothing above it exists.", nextStep);
        if (File.Exists(existing))
            return CheckFinding.Failed(ErrorCode.InvalidOption, $"{directory} cannot be created: {existing} is a file.", nextStep);
        var found = Directory.Exists(directory) ? $"{directory} is there" : $"{directory} is not there yet and would be created in {existing}";
        if (OperatingSystem.IsWindows())
            return CheckFinding.Passed($"{found}; whether it can be written is not tried.");
        return Libc.Access(existing, Libc.WritePermission | Libc.ExecutePermission) == 0
            ? CheckFinding.Passed($"{found}{(existing == directory ? " and can be written" : "")}.")
            : CheckFinding.Failed(ErrorCode.RootReadOnly, $"{existing} cannot be written: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.", nextStep);
    }

    /// <summary>The path itself, or the nearest above it that exists; null where none does.</summary>
    public static string? Existing(string path)
    {
        var existing = path;
        while (existing is not null && !Path.Exists(existing))
            existing = Path.GetDirectoryName(existing);
        return existing;
    }
}
