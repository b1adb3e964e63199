namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>
/// Hands entries and content from the thread that decompresses to the thread that writes, so that the two overlap.
/// A fixed set of buffers bounds memory and the distance between the two. Both sides block; nothing is allocated for an
/// entry, of which there may be a million.
/// </summary>
internal sealed class WriteQueue : IDisposable
{
    /// <summary>Large enough that system calls do not matter.</summary>
    public const int BufferSize = 128 << 10;

    private const int BufferCount = 32;
    private const int Capacity = 512;

    private readonly Stack<byte[]> _free = new(BufferCount);
    private readonly Queue<WriteCommand> _commands = new(Capacity);
    private readonly CancellationToken _stop;
    private readonly CancellationTokenRegistration _wake;
    private bool _complete;

    /// <param name="stop">Ends all waiting on both sides.</param>
    public WriteQueue(CancellationToken stop)
    {
        for (var i = 0; i < BufferCount; i++)
            _free.Push(new byte[BufferSize]);
        _stop = stop;
        _wake = stop.Register(Wake);
    }

    /// <summary>Waits for a free buffer. What is rented is either put into a command or given back.</summary>
    public byte[] Rent()
    {
        lock (_free)
        {
            while (_free.Count == 0 && !_stop.IsCancellationRequested)
                Monitor.Wait(_free);
            _stop.ThrowIfCancellationRequested();
            return _free.Pop();
        }
    }

    public void Return(byte[] buffer)
    {
        lock (_free)
        {
            _free.Push(buffer);
            Monitor.Pulse(_free);
        }
    }

    /// <summary>Adds a command as soon as there is room.</summary>
    public void Add(WriteCommand command)
    {
        lock (_commands)
        {
            while (_commands.Count == Capacity && !_stop.IsCancellationRequested)
                Monitor.Wait(_commands);
            _stop.ThrowIfCancellationRequested();
            _commands.Enqueue(command);
            Monitor.Pulse(_commands);
        }
    }

    /// <summary>Nothing more will come.</summary>
    public void Complete()
    {
        lock (_commands)
        {
            _complete = true;
            Monitor.Pulse(_commands);
        }
    }

    /// <summary>Carries out commands in order until <see cref="Complete"/>.</summary>
    public void Drain(Action<WriteCommand> apply)
    {
        while (TryTake(out var command))
        {
            apply(command);
            if (command.Buffer is not null)
                Return(command.Buffer);
        }
    }

    public void Dispose() => _wake.Dispose();

    private bool TryTake(out WriteCommand command)
    {
        lock (_commands)
        {
            while (_commands.Count == 0 && !_complete && !_stop.IsCancellationRequested)
                Monitor.Wait(_commands);
            _stop.ThrowIfCancellationRequested();
            Monitor.Pulse(_commands);
            return _commands.TryDequeue(out command);
        }
    }

    private void Wake()
    {
        lock (_free)
            Monitor.PulseAll(_free);
        lock (_commands)
            Monitor.PulseAll(_commands);
    }
}
