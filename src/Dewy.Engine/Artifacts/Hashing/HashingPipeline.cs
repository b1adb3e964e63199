using System.Threading.Channels;

namespace Dewy.Engine.Artifacts.Hashing;

/// <summary>
/// Hashes on a thread of its own what another one reads and writes, over a ring of four 1 MiB buffers: reading waits when
/// hashing falls behind, and memory does not grow with the content. A buffer may be read, not changed, while it is hashed;
/// it comes back through <see cref="RentAsync"/> afterwards.
/// </summary>
internal sealed class HashingPipeline : IAsyncDisposable
{
    /// <summary>Bytes in one buffer.</summary>
    public const int BufferSize = 1 << 20;

    private const int BufferCount = 4;

    private readonly Channel<byte[]> _free = Channel.CreateBounded<byte[]>(BufferCount);
    private readonly Channel<(byte[] Buffer, int Length)> _filled = Channel.CreateBounded<(byte[] Buffer, int Length)>(BufferCount);
    private readonly Task _worker;

    /// <param name="hasher">Belongs to the pipeline until it is disposed; what was hashed before stays.</param>
    public HashingPipeline(ContentHasher hasher)
    {
        // Not from the shared pool: a stream that was cancelled in the middle of a read must not write into someone else's buffer.
        for (var i = 0; i < BufferCount; i++)
            _free.Writer.TryWrite(GC.AllocateUninitializedArray<byte>(BufferSize));
        _worker = Task.Run(() => HashAsync(hasher));
    }

    /// <summary>A buffer to fill; waits until one has been hashed.</summary>
    public ValueTask<byte[]> RentAsync(CancellationToken cancellationToken) => _free.Reader.ReadAsync(cancellationToken);

    /// <summary>Hands over the first bytes of a buffer; order is kept.</summary>
    public void Hash(byte[] buffer, int length)
    {
        if (!_filled.Writer.TryWrite((buffer, length)))
            throw new InvalidOperationException("More buffers were handed over than rented.");
    }

    /// <summary>Waits until everything handed over is hashed.</summary>
    public async ValueTask DisposeAsync()
    {
        _filled.Writer.TryComplete();
        await _worker;
    }

    private async Task HashAsync(ContentHasher hasher)
    {
        await foreach (var (buffer, length) in _filled.Reader.ReadAllAsync())
        {
            hasher.Append(buffer.AsSpan(0, length));
            _free.Writer.TryWrite(buffer);
        }
    }
}
