namespace Dewy.Engine.Processes;

/// <summary>Starts child processes: hooks, generations, credential helpers. The only way a child comes to life.</summary>
public interface IProcessStarter
{
    /// <summary>
    /// Starts a program in a process group of its own, with an empty signal mask and default dispositions, inheriting
    /// nothing but what <paramref name="start"/> names.
    /// </summary>
    /// <exception cref="DewyException"><see cref="ErrorCode.CommandNotFound"/>, <see cref="ErrorCode.CommandNotExecutable"/> or <see cref="ErrorCode.StartFailed"/>.</exception>
    IChildProcess Start(ProcessStart start);
}
