using System.Buffers;
using System.Buffers.Text;

namespace Dewy.Engine.Proxy.Http1;

/// <summary>Puts a body into chunks (RFC 9112, 7.1).</summary>
internal static class ChunkWriter
{
    /// <summary>Bytes around the data of a chunk at most: eight digits and two ends of lines.</summary>
    public const int Overhead = 12;

    private static readonly StandardFormat Hexadecimal = new('x');

    /// <summary>Writes one chunk. Its data is not empty: that would be the last.</summary>
    public static void Write(IBufferWriter<byte> writer, ReadOnlySpan<byte> data)
    {
        WriteSize(writer, data.Length);
        writer.Write(data);
        writer.Write("\r\n"u8);
    }

    /// <inheritdoc cref="Write(IBufferWriter{byte}, ReadOnlySpan{byte})"/>
    public static void Write(IBufferWriter<byte> writer, in ReadOnlySequence<byte> data)
    {
        WriteSize(writer, data.Length);
        foreach (var part in data)
            writer.Write(part.Span);
        writer.Write("\r\n"u8);
    }

    /// <summary>Says that no more data follows; trailers may, and an empty line must.</summary>
    public static void WriteLast(IBufferWriter<byte> writer) => writer.Write("0\r\n"u8);

    private static void WriteSize(IBufferWriter<byte> writer, long size)
    {
        Utf8Formatter.TryFormat(size, writer.GetSpan(Overhead), out var digits, Hexadecimal);
        writer.Advance(digits);
        writer.Write("\r\n"u8);
    }
}
