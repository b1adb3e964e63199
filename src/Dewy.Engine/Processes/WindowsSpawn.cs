using System.ComponentModel;
using System.Diagnostics;

namespace Dewy.Engine.Processes;

/// <summary>Starts a child on Windows, where descriptors cannot be placed: no sockets, no gate.</summary>
internal static class WindowsSpawn
{
    private const int FileNotFound = 2, PathNotFound = 3, AccessDenied = 5, BadFormat = 193; // ERROR_…

    public static WindowsChildProcess Start(ProcessStart start)
    {
        if (start.Sockets.Count > 0 || start.SetListenPid)
            throw new DewyException(ErrorCode.StartFailed, $"Cannot start {start.Program}: sockets cannot be handed to a program on Windows.")
            {
                Phase = "start",
                Target = start.Program,
                NextStep = "Use --handoff proxy.",
            };
        var information = new ProcessStartInfo(ResolvedProgram(start), start.Arguments)
        {
            WorkingDirectory = start.WorkingDirectory,
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        information.Environment.Clear();
        foreach (var (name, value) in start.Environment)
            information.Environment[name] = value;
        try
        {
            var process = Process.Start(information) ?? throw new InvalidOperationException("No process was started.");
            Feed(process, start.StandardInput.Span);
            return new WindowsChildProcess(process, start.OutputFile);
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
        {
            throw Failure(start, exception);
        }
    }

    private static void Feed(Process process, ReadOnlySpan<byte> content)
    {
        try
        {
            process.StandardInput.BaseStream.Write(content);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended without reading it.
        }
    }

    // Windows looks for a relative program from the agent's directory, not from the child's.
    private static string ResolvedProgram(ProcessStart start)
    {
        if (!start.Program.AsSpan().ContainsAny('/', '\\'))
            return start.Program;
        return Path.GetFullPath(start.Program, start.WorkingDirectory);
    }

    private static DewyException Failure(ProcessStart start, Exception exception)
    {
        var (code, nextStep) = (exception as Win32Exception)?.NativeErrorCode switch
        {
            FileNotFound or PathNotFound => (ErrorCode.CommandNotFound, "Check the command, and that the artifact contains that file."),
            AccessDenied or BadFormat => (ErrorCode.CommandNotExecutable, "Use a program built for this system that the agent's user may run."),
            _ => (ErrorCode.StartFailed, "Try the command by hand as the agent's user."),
        };
        return new DewyException(code, $"Cannot start {start.Program}: {exception.Message}", exception) { Phase = "start", Target = start.Program, NextStep = nextStep };
    }
}
