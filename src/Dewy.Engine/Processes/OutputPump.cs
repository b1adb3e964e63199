namespace Dewy.Engine.Processes;

/// <summary>Reads a child's output into a tail until it ends, or until nobody wants it any more.</summary>
internal static class OutputPump
{
    private const int ChunkBytes = 16 * 1024;

    /// <summary>Completes at the end of the stream, when it breaks, or when cancelled; never faults.</summary>
    public static async Task CopyAsync(Stream? stream, OutputRing tail, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tail);
        if (stream is null)
            return;
        var chunk = new byte[ChunkBytes];
        try
        {
            while (await stream.ReadAsync(chunk, cancellationToken) is > 0 and var count)
                tail.Append(chunk.AsSpan(0, count));
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The pipe was closed by either side.
        }
    }
}
