namespace Dewy.Engine.Processes;

/// <summary>Starts children the way the platform can: with inherited sockets on Unix, by the platform's own means on Windows.</summary>
internal sealed class ProcessStarter : IProcessStarter
{
    /// <inheritdoc/>
    public IChildProcess Start(ProcessStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        if (start.StandardInput.Length > ProcessStart.LargestStandardInput)
            throw new ArgumentException($"Standard input has more than {ProcessStart.LargestStandardInput} bytes.", nameof(start));
        if (!start.StandardInput.IsEmpty && (start.Gated || start.SetListenPid))
            throw new ArgumentException("A child that is gated or gets LISTEN_PID has no standard input.", nameof(start));
        if (!Directory.Exists(start.WorkingDirectory))
            throw new DewyException(ErrorCode.StartFailed, $"Cannot start {start.Program}: its working directory {start.WorkingDirectory} does not exist.")
            {
                Phase = "start",
                Target = start.WorkingDirectory,
                NextStep = "Create the directory, or choose another --root.",
            };
        return OperatingSystem.IsWindows() ? WindowsSpawn.Start(start) : UnixSpawn.Start(start);
    }
}
