using System.Collections.Concurrent;

namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>
/// Hands entries and content from the thread that decompresses to the thread that writes, so that the two overlap.
/// A fixed set of buffers bounds memory and the distance between the two.
/// </summary>
internal sealed class WriteQueue : IDisposable
{
    /// <summary>Large enough that system calls do not matter.</summary>
    public const int BufferSize = 128 << 10;

    private const int BufferCount = 32;
    private const int Capacity = 512;

    private readonly BlockingCollection<byte[]> _free = new(new ConcurrentBag<byte[]>());
    private readonly BlockingCollection<WriteCommand> _commands = new(Capacity);

    public WriteQueue()
    {
        for (var i = 0; i < BufferCount; i++)
            _free.Add(new byte[BufferSize]);
    }

    /// <summary>Waits for a free buffer. What is rented is either put into a command or given back.</summary>
    public byte[] Rent(CancellationToken cancellationToken) => _free.Take(cancellationToken);

    public void Return(byte[] buffer) => _free.Add(buffer);

    public void Add(WriteCommand command, CancellationToken cancellationToken) => _commands.Add(command, cancellationToken);

    /// <summary>Nothing more will come.</summary>
    public void Complete() => _commands.CompleteAdding();

    /// <summary>Carries out commands in order until <see cref="Complete"/>.</summary>
    public void Drain(Action<WriteCommand> apply, CancellationToken cancellationToken)
    {
        foreach (var command in _commands.GetConsumingEnumerable(cancellationToken))
        {
            apply(command);
            if (command.Buffer is not null)
                _free.Add(command.Buffer, cancellationToken);
        }
    }

    public void Dispose()
    {
        _free.Dispose();
        _commands.Dispose();
    }
}
