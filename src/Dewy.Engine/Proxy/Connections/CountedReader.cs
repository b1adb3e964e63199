using System.Buffers;
using System.IO.Pipelines;

namespace Dewy.Engine.Proxy.Connections;

/// <summary>Counts what is consumed of a pipe.</summary>
internal sealed class CountedReader(PipeReader inner) : PipeReader
{
    private ReadOnlySequence<byte> _shown;
    private long _bytes;

    /// <summary>Bytes consumed so far.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public override bool TryRead(out ReadResult result) => inner.TryRead(out result) && Show(result);

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var result = await inner.ReadAsync(cancellationToken);
        Show(result);
        return result;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        Interlocked.Add(ref _bytes, _shown.Slice(_shown.Start, consumed).Length); // before the buffer is given back
        _shown = default;
        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    private bool Show(ReadResult result)
    {
        _shown = result.Buffer;
        return true;
    }
}
