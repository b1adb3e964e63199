using System.Buffers;
using System.Text;
using Dewy.Engine.Proxy.Http1;
using FsCheck.Xunit;
using Xunit;

namespace Dewy.Engine.Tests.Proxy.Http1;

public sealed class ChunkDecoderTests
{
    [Theory]
    [InlineData("0\r\n\r\n", "")]
    [InlineData("5\r\nhello\r\n0\r\n\r\n", "hello")]
    [InlineData("00005;a=b;c=\"d;e\"\r\nhello\r\n1\r\n!\r\n000\r\n\r\n", "hello!")]
    [InlineData("a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n", "01234567890123456789")]
    [InlineData("2\r\n\r\n\r\n0\r\n\r\n", "\r\n")]
    public void Read_WellFormed_IsTakenOut(string text, string expected)
    {
        var decoder = new ChunkDecoder();
        Assert.Equal((expected, text.Length), ReadAll(decoder, Encoding.Latin1.GetBytes(text + "HTTP/1.1 200 OK"), new Random(1), cutsAnywhere: false));
        Assert.True(decoder.IsDone);
    }

    [Theory]
    [InlineData("no size", "\r\nhello\r\n0\r\n\r\n")]
    [InlineData("negative", "-5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("signed", "+5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("prefixed", "0x5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("space before", " 5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("space after", "5 \r\nhello\r\n0\r\n\r\n")]
    [InlineData("no hexadecimal", "g\r\nhello\r\n0\r\n\r\n")]
    [InlineData("too many digits", "10000000000000005\r\nhello\r\n0\r\n\r\n")]
    [InlineData("too many zeros", "0000000000000005\r\nhello\r\n0\r\n\r\n")]
    [InlineData("bare line feed after a size", "5\nhello\r\n0\r\n\r\n")]
    [InlineData("return without a line feed", "5\rhello\r\n0\r\n\r\n")]
    [InlineData("shorter than its size", "6\r\nhello\r\n0\r\n\r\n")]
    [InlineData("longer than its size", "4\r\nhello\r\n0\r\n\r\n")]
    [InlineData("bare line feed after data", "5\r\nhello\n0\r\n\r\n")]
    [InlineData("line feed in an extension", "5;a\nb\r\nhello\r\n0\r\n\r\n")]
    [InlineData("null in an extension", "5;a\0b\r\nhello\r\n0\r\n\r\n")]
    [InlineData("extension without a size", ";a\r\nhello\r\n0\r\n\r\n")]
    [InlineData("bare line feed after the last", "0\n\n")]
    [InlineData("bare line feed after a trailer", "0\r\nX-A: b\n\r\n")]
    [InlineData("bare line feed at the end", "0\r\nX-A: b\r\n\n")]
    [InlineData("trailer without a colon", "0\r\nX-A\r\n\r\n")]
    [InlineData("trailer with a space before the colon", "0\r\nX-A : b\r\n\r\n")]
    [InlineData("folded trailer", "0\r\nX-A: b\r\n c\r\n\r\n")]
    [InlineData("null in a trailer", "0\r\nX-A: b\0c\r\n\r\n")]
    public void Read_Malformed_IsRefused(string what, string text)
    {
        var decoder = new ChunkDecoder();
        ReadAll(decoder, Encoding.Latin1.GetBytes(text), new Random(1), cutsAnywhere: false);
        Assert.True(decoder.IsMalformed, what);
    }

    [Fact]
    public void Read_ExtensionWithoutEnd_IsRefused()
    {
        var decoder = new ChunkDecoder();
        ReadAll(decoder, Encoding.Latin1.GetBytes("5;" + new string('a', AnswerLimits.ChunkLineBytes)), new Random(1), cutsAnywhere: false);
        Assert.True(decoder.IsMalformed);
    }

    [Fact]
    public void Read_TrailersWithoutEnd_AreRefused()
    {
        var decoder = new ChunkDecoder();
        ReadAll(decoder, Encoding.Latin1.GetBytes("0\r\n" + string.Concat(Enumerable.Repeat($"X-A: {new string('a', 1000)}\r\n", 17))), new Random(1), cutsAnywhere: false);
        Assert.True(decoder.IsMalformed);
    }

    /// <summary>What is written in chunks is read from them, whatever the sizes and wherever the bytes are cut.</summary>
    [Property(MaxTest = 1_000)]
    public void Read_WrittenAndCutAnywhere_IsTheSame(int seed)
    {
        var random = new Random(seed);
        var data = string.Concat(Enumerable.Range(0, random.Next(600)).Select(_ => (char)random.Next(256)));
        (string, string)[] trailers = random.Next(2) == 0 ? [] : [("X-A", "one"), ("x-b", ""), ("X-A", "two")];
        var text = RandomAnswer.Chunks(random, data, trailers);
        var decoder = new ChunkDecoder();
        Assert.Equal((data, text.Length), ReadAll(decoder, Encoding.Latin1.GetBytes(text + "more"), random, cutsAnywhere: true));
        Assert.True(decoder.IsDone);
        Assert.Equal(trailers, Trailers(decoder));
    }

    [Property(MaxTest = 1_000)]
    public void Read_WhatTheWriterWrote_IsTheSame(byte[][] pieces)
    {
        var written = new ArrayBufferWriter<byte>();
        foreach (var piece in pieces.Where(piece => piece.Length > 0))
            ChunkWriter.Write(written, piece);
        ChunkWriter.WriteLast(written);
        written.Write("\r\n"u8);
        var decoder = new ChunkDecoder();
        var (data, taken) = ReadAll(decoder, written.WrittenSpan.ToArray(), new Random(pieces.Length), cutsAnywhere: true);
        Assert.Equal((Encoding.Latin1.GetString([.. pieces.SelectMany(piece => piece)]), written.WrittenCount), (data, taken));
    }

    /// <summary>What is damaged is refused or read, but in the same way wherever it is cut.</summary>
    [Property(MaxTest = 2_000)]
    public void Read_DamagedAndCutAnywhere_IsTheSame(int seed)
    {
        var random = new Random(seed);
        var bytes = Encoding.Latin1.GetBytes(RandomAnswer.Chunks(random, new string('x', random.Next(40)), [("X-A", "one")]));
        bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        var (whole, cut) = (new ChunkDecoder(), new ChunkDecoder());
        var expected = ReadAll(whole, bytes, random, cutsAnywhere: false);
        Assert.Equal(expected, ReadAll(cut, bytes, random, cutsAnywhere: true));
        Assert.Equal((whole.IsDone, whole.IsMalformed), (cut.IsDone, cut.IsMalformed));
        Assert.Equal(Trailers(whole), Trailers(cut));
    }

    [Fact]
    public void Reset_UsedBefore_KnowsNothingOfIt()
    {
        var decoder = new ChunkDecoder();
        ReadAll(decoder, "5\r\nhello\r\n0\r\nX-A: b\r\n\r\n"u8.ToArray(), new Random(1), cutsAnywhere: false);
        decoder.Reset();
        Assert.False(decoder.IsDone);
        Assert.Equal(("", 5), ReadAll(decoder, "0\r\n\r\n"u8.ToArray(), new Random(1), cutsAnywhere: false));
        Assert.Empty(decoder.Trailers);
    }

    private static (string Data, int Taken) ReadAll(ChunkDecoder decoder, byte[] bytes, Random random, bool cutsAnywhere)
    {
        var data = new StringBuilder();
        var taken = 0;
        for (var end = cutsAnywhere ? 0 : bytes.Length; !decoder.IsDone && !decoder.IsMalformed;)
        {
            if (taken == end)
            {
                if (end == bytes.Length)
                    break;
                end = Math.Min(bytes.Length, end + 1 + random.Next(random.Next(3) == 0 ? 100 : 3));
            }

            var received = bytes.AsSpan(taken, end - taken);
            taken += decoder.Read(received, out var piece);
            data.Append(Encoding.Latin1.GetString(received[piece]));
        }

        return (data.ToString(), taken);
    }

    private static IEnumerable<(string Name, string Value)> Trailers(ChunkDecoder decoder) =>
        [.. decoder.Trailers.Select(field => (Encoding.Latin1.GetString(field.Name(decoder.TrailerBytes)), Encoding.Latin1.GetString(field.Value(decoder.TrailerBytes))))];
}
