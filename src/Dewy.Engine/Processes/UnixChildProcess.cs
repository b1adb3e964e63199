using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace Dewy.Engine.Processes;

/// <summary>
/// A child of the agent's own. A thread of its own waits for it (children are few, and blocking in the kernel costs nothing
/// and misses nothing), so that it is reaped whatever becomes of this object. Disposing lets go of it; it does not end it,
/// unless it still waits at its gate.
/// </summary>
internal sealed class UnixChildProcess : IChildProcess
{
    private const int WaiterStackBytes = 256 * 1024;

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<ProcessExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AnonymousPipeServerStream? _output;
    private readonly AnonymousPipeServerStream? _error;
    private AnonymousPipeServerStream? _gate;
    private bool _reaped;

    public UnixChildProcess(int processId, AnonymousPipeServerStream? output, AnonymousPipeServerStream? error, AnonymousPipeServerStream? gate)
    {
        Id = processId;
        Identity = ProcessIdentity.Of(processId) ?? "";
        _output = output;
        _error = error;
        _gate = gate;
        new Thread(Wait, WaiterStackBytes) { IsBackground = true, Name = $"wait for {processId}" }.Start();
    }

    /// <inheritdoc/>
    public int Id { get; }

    /// <inheritdoc/>
    public string Identity { get; }

    /// <inheritdoc/>
    public Stream? StandardOutput => _output;

    /// <inheritdoc/>
    public Stream? StandardError => _error;

    /// <inheritdoc/>
    public Task<ProcessExit> Exited => _exited.Task;

    /// <inheritdoc/>
    public void Release()
    {
        if (Interlocked.Exchange(ref _gate, null) is not { } gate)
            return;
        using (gate)
        {
            try
            {
                gate.Write("\n"u8);
            }
            catch (IOException)
            {
                // It has ended already, which Exited tells.
            }
        }
    }

    /// <inheritdoc/>
    public void Signal(int signal)
    {
        lock (_lock)
        {
            // A number stays taken as long as its process is unreaped or its group has members. So a process that has
            // this number after ours was reaped is a stranger, and our group is empty.
            if (_reaped && (Libc.Kill(Id, 0) == 0 || Marshal.GetLastPInvokeError() == Libc.NotPermitted))
                return;
            _ = Libc.Kill(-Id, signal);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _gate, null) is { } gate)
            await gate.DisposeAsync();
        if (_output is not null)
            await _output.DisposeAsync();
        if (_error is not null)
            await _error.DisposeAsync();
    }

    private void Wait()
    {
        // Where SIGCHLD is ignored the kernel reaps children by itself, and nobody can know how they ended.
        var exit = new ProcessExit();
        var known = Libc.AwaitEnd(Id);
        lock (_lock)
        {
            if (known && Libc.WaitPid(Id, out var status, 0) == Id)
                exit = Decode(status);
            _reaped = true;
        }

        _exited.TrySetResult(exit);
    }

    private static ProcessExit Decode(int status) => (status & 0x7F) switch
    {
        0 => new ProcessExit { Code = (status >> 8) & 0xFF },
        var signal => new ProcessExit { Signal = signal },
    };
}
