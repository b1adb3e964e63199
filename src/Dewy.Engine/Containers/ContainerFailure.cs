using Docker.DotNet.Models;

namespace Dewy.Engine.Containers;

/// <summary>Puts into words why a container does not run.</summary>
internal static class ContainerFailure
{
    private const string LookAtOptions = "Correct the container options after --, or the image.";

    /// <summary>It was started and has ended already.</summary>
    public static DewyException Exited(string name, State? state, string lastOutput, string? hint)
    {
        var how = state switch
        {
            null => "was removed",
            { OOMKilled: true } => "used more memory than it may and was ended",
            { Error.Length: > 0 } => $"ended with code {state.ExitCode} ({state.Error.TrimEnd('.')})",
            _ => $"ended with code {state.ExitCode}",
        };
        return Create(ErrorCode.ContainerExited, $"The container {name} {how} as soon as it was started.{Lines(lastOutput)}", name, hint ?? "Run the image by hand and look at its output; check its command, its variables and its user.");
    }

    /// <summary>The engine did not start it.</summary>
    public static DewyException CannotStart(string name, string why, string lastOutput, string? hint)
    {
        bool Says(string words) => why.Contains(words, StringComparison.OrdinalIgnoreCase);
        var (code, step) = true switch
        {
            _ when Says("no space left on device") => (ErrorCode.DiskFull, "Free space where the container engine keeps its data (docker system df)."),
            _ when Says("No such image") => (ErrorCode.ImageNotFound, "The image was removed in between; the agent pulls it again."),
            _ when Says("executable file not found") || Says("no such file or directory") => (ErrorCode.StartFailed, "Check the image's program, --cmd and --entrypoint: there is no such program in the image."),
            _ when Says("permission denied") => (ErrorCode.StartFailed, hint ?? "Check the program's mode in the image, and --user."),
            _ when Says("port is already allocated") || Says("address already in use") => (ErrorCode.PortInUse, "Find out who holds the port (docker ps, ss -ltnp)."),
            _ when Says("network") && Says("not found") => (ErrorCode.StartFailed, "Create the network first: docker network create <name>."),
            _ => (ErrorCode.StartFailed, LookAtOptions),
        };
        return Create(code, $"The container {name} could not be started: {why}.{Lines(lastOutput)}", name, step);
    }

    private static string Lines(string lastOutput) => lastOutput.Length == 0 ? "" : $" Its last output:\n{lastOutput}";

    private static DewyException Create(ErrorCode code, string message, string name, string step) =>
        new(code, message) { Phase = "start", Target = name, NextStep = step };
}
