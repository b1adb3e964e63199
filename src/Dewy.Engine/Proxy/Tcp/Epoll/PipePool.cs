using Dewy.Engine.Processes;

namespace Dewy.Engine.Proxy.Tcp.Epoll;

/// <summary>
/// The pipes of a loop. One is held only while there are bytes in it: most are given back within the turn in which they were
/// taken. Not safe for several threads.
/// </summary>
/// <param name="most">How many may be in use at once.</param>
internal sealed class PipePool(int most) : IDisposable
{
    /// <summary>What a pipe is asked to hold.</summary>
    public const int PipeBytes = 256 * 1024;

    /// <summary>Pipes in use at once. All pipes of a user share a limit of the kernel (64 MiB by default), and others want some.</summary>
    public const int MostPipes = 64;

    private readonly Stack<SplicePipe> _free = new();
    private int _count;

    /// <summary>An empty pipe; null where there is none to be had.</summary>
    public SplicePipe? TryTake()
    {
        if (_free.TryPop(out var pipe))
            return pipe;
        if (_count == most || EpollCalls.CreatePipe(out var reading, out var writing) != 0)
            return null;
        _count++;
        _ = EpollCalls.Resize(writing, PipeBytes);
        return new SplicePipe(reading, writing);
    }

    /// <summary>Takes an empty pipe back.</summary>
    public void Return(SplicePipe pipe) => _free.Push(pipe);

    /// <summary>Closes a pipe that is not empty.</summary>
    public void Discard(SplicePipe pipe)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        _count--;
        _ = Libc.Close(pipe.Reading);
        _ = Libc.Close(pipe.Writing);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_free.TryPop(out var pipe))
            Discard(pipe);
    }
}
