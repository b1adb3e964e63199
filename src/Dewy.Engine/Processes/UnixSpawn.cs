using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Dewy.Engine.Files;

namespace Dewy.Engine.Processes;

/// <summary>Starts a child by <c>posix_spawn</c>: the only call that places descriptors and leaves nothing else open.</summary>
[UnsupportedOSPlatform("windows")]
internal static unsafe partial class UnixSpawn
{
    private const int FirstSocket = 3;

    /// <summary>The exit code of a gated child whose agent died before it was released.</summary>
    public const int NeverReleased = 125;

    private const string GateStep = "read -r DEWY_GATE || exit 125; unset DEWY_GATE; ";
    private const string ListenPidStep = "LISTEN_PID=$$; export LISTEN_PID; ";
    private const string ProgramStep = "exec \"$@\" </dev/null";

    /// <summary>
    /// A program cannot be executed while anybody has it open for writing, and a process just being born holds a copy of
    /// whatever its parent has open: that passes within milliseconds.
    /// </summary>
    private const int BusyAttempts = 200;

    private static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(10);

    public static UnixChildProcess Start(ProcessStart start)
    {
        var program = ProgramLookup.Find(start);
        AnonymousPipeServerStream? gate = null, input = null, output = null, error = null;
        try
        {
            using var actions = new SpawnActions(FirstSocket + start.Sockets.Count);
            if (start.Gated)
                actions.Place((gate = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.None)).ClientSafePipeHandle, 0);
            else if (!start.StandardInput.IsEmpty)
                actions.Place((input = Filled(start.StandardInput.Span)).ClientSafePipeHandle, 0);
            else
                actions.OpenNothing(0);
            if (start.OutputFile is { } file)
            {
                CreateOutputFile(file);
                actions.OpenForAppending(1, file);
                actions.Repeat(1, 2);
            }
            else
            {
                actions.Place((output = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None)).ClientSafePipeHandle, 1);
                actions.Place((error = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None)).ClientSafePipeHandle, 2);
            }

            for (var index = 0; index < start.Sockets.Count; index++)
                actions.Place(start.Sockets[index], FirstSocket + index);
            actions.ChangeDirectory(start.WorkingDirectory);
            actions.CloseTheRest();

            var processId = Spawn(start, program, actions);
            gate?.DisposeLocalCopyOfClientHandle();
            output?.DisposeLocalCopyOfClientHandle();
            error?.DisposeLocalCopyOfClientHandle();
            return new UnixChildProcess(processId, output, error, gate);
        }
        catch
        {
            gate?.Dispose();
            output?.Dispose();
            error?.Dispose();
            throw;
        }
        finally
        {
            if (input is not null)
            {
                input.DisposeLocalCopyOfClientHandle();
                input.Dispose();
            }
        }
    }

    /// <summary>A pipe that holds all of the input before the child is born: nobody has to wait for it to read, or is told that it ended first.</summary>
    private static AnonymousPipeServerStream Filled(ReadOnlySpan<byte> content)
    {
        var pipe = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.None);
        pipe.Write(content);
        return pipe;
    }

    private static int Spawn(ProcessStart start, string program, SpawnActions actions)
    {
        var script = $"{(start.Gated ? GateStep : "")}{(start.SetListenPid ? ListenPidStep : "")}{ProgramStep}";
        var throughShell = start.Gated || start.SetListenPid;
        var path = throughShell ? "/bin/sh" : program;
        using var arguments = new NativeStrings(throughShell ? ["sh", "-c", script, "sh", program, .. start.Arguments] : [program, .. start.Arguments]);
        using var environment = new NativeStrings([.. start.Environment.Select(pair => $"{pair.Key}={pair.Value}")]);
        using var attributes = new SpawnAttributes();
        for (var attempt = 1; ; attempt++)
        {
            var error = PosixSpawn(out var processId, path, actions.Pointer, attributes.Pointer, arguments.Pointer, environment.Pointer);
            if (error == 0)
                return processId;
            if (error != Libc.TextBusy || attempt == BusyAttempts)
                throw Failure(start, path, error);
            Thread.Sleep(BusyPause);
        }
    }

    /// <summary>Opened here first, because a failure inside the child could not be told from one of its program.</summary>
    private static void CreateOutputFile(string path)
    {
        try
        {
            using var stream = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite | FileShare.Delete,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
            });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskFailure.Explain(exception, path, "start")
                ?? new DewyException(ErrorCode.StartFailed, $"Cannot open the output file {path}: {exception.Message}", exception)
                {
                    Phase = "start",
                    Target = path,
                    NextStep = "Give --log-dir a directory that exists and can be written.",
                };
        }
    }

    private static DewyException Failure(ProcessStart start, string path, int error)
    {
        var cause = Marshal.GetPInvokeErrorMessage(error);
        var (code, nextStep) = error switch
        {
            Libc.NoEntry => (ErrorCode.CommandNotFound, "Check that the file, and the interpreter it names, exist on this host."),
            Libc.ExecFormat => (ErrorCode.CommandNotExecutable, "Use a program built for this system and architecture, or a script that begins with #!."),
            Libc.AccessDenied or Libc.NotPermitted => (ErrorCode.CommandNotExecutable, "Make it executable for the agent's user (chmod +x), on a file system that allows it."),
            Libc.TextBusy => (ErrorCode.CommandNotExecutable, "End whatever still has the file open for writing."),
            _ => (ErrorCode.StartFailed, "Check the limits on processes and memory of the agent's user."),
        };
        return new DewyException(code, $"Cannot start {start.Program}: {cause}.") { Phase = "start", Target = path, NextStep = nextStep };
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int PosixSpawn(out int processId, string path, void* actions, void* attributes, byte** arguments, byte** environment);
}
