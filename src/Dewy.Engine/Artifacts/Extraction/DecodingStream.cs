namespace Dewy.Engine.Artifacts.Extraction;

/// <summary>
/// Wraps a decoder. Damaged input makes decoders fail with whatever their arithmetic runs into (index out of range,
/// overflow, invalid data …); all of that means one thing, and is told as that.
/// </summary>
/// <param name="decoder">The decoder.</param>
/// <param name="what">What is being decoded, for the message: <c>the gzip data</c>.</param>
/// <param name="inputPosition">How far the input was read, for the message.</param>
internal sealed class DecodingStream(Stream decoder, string what, Func<long> inputPosition) : ReadOnlyStream
{
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return decoder.Read(buffer);
        }
        catch (Exception exception) when (IsDecoderFailure(exception))
        {
            throw Explain(exception, what, inputPosition());
        }
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            return decoder.Read(buffer, offset, count);
        }
        catch (Exception exception) when (IsDecoderFailure(exception))
        {
            throw Explain(exception, what, inputPosition());
        }
    }

    /// <summary>True for everything but our own failures, cancellation, and a disk that does not read.</summary>
    public static bool IsDecoderFailure(Exception exception) =>
        exception is not (DewyException or OperationCanceledException or UnauthorizedAccessException)
        && (exception is not IOException || exception is EndOfStreamException or InvalidDataException);

    /// <summary>A decoder's failure in one sentence.</summary>
    public static DewyException Explain(Exception exception, string what, long position) => exception switch
    {
        SharpCompress.Compressors.ZStandard.ZstdException { Code: SharpCompress.Compressors.ZStandard.Unsafe.ZSTD_ErrorCode.ZSTD_error_frameParameter_windowTooLarge } =>
            ArchiveFailure.Unsupported("The zstd data needs a window of more than 128 MiB.", "Compress the artifact with --long=27 or less.", exception),
        SharpCompress.Common.CryptographicException =>
            ArchiveFailure.Unsupported("The archive is encrypted.", "Publish the artifact unencrypted, with a signature if it must be trusted.", exception),
        EndOfStreamException or SharpCompress.Common.IncompleteArchiveException =>
            ArchiveFailure.Corrupt($"{what} end too early: the file was cut short at byte {position}.", exception),
        _ => ArchiveFailure.Corrupt($"{what} are damaged near byte {position}: {exception.Message}", exception),
    };

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            try
            {
                decoder.Dispose();
            }
            catch (Exception exception) when (IsDecoderFailure(exception))
            {
                // Some decoders verify checksums while being closed; what was read to its end was verified before.
            }
        }

        base.Dispose(disposing);
    }
}
